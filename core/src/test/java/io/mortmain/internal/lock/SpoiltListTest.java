package io.mortmain.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.errors.MortmainException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.CMutexes;
import io.mortmain.testing.OwnThread;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.Seed;
import io.mortmain.testing.TestRegion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * D8 and D16 together, at random: a thread holds mutexes of Java and of C code that nobody spoils, and one of a region in which anything is
 * written, held through Java. When that one is released, whatever it says, the list has exactly the others, in their order.
 */
class SpoiltListTest {
    private static final MappedWords WORDS = MappedWords.INSTANCE;
    private static final int ROUNDS = Integer.getInteger("io.mortmain.test.rounds", 20_000);
    private static final int SOUND = 3;
    private static final int STEPS = 9;

    private final long seed = Seed.of("spoiling");
    private final Random random = new Random(seed);
    private final TestRegion name = new TestRegion();
    private final TestRegion hostileName = new TestRegion();
    private final Region region = Region.create(name.name(), 0);
    private final Region hostileRegion = Region.create(hostileName.name(), 0);
    private final RobustMutex hostile = hostileRegion.mutex("hostile");
    /** Not locked; looks at times as if it were. */
    private final long forged = hostileRegion.mutex("forged").pthreadMutex().address();

    private final RobustMutex[] java = new RobustMutex[SOUND];
    private final long[] c = new long[SOUND];
    private final Map<Long, Hold> holds = new HashMap<>();
    /** What must be on the list, the last locked first. */
    private final Deque<Long> held = new ArrayDeque<>();

    private final List<String> story = new ArrayList<>();

    @AfterEach
    void remove() {
        region.close();
        hostileRegion.close();
        name.close();
        hostileName.close();
    }

    @Test
    void shouldHaveTheSoundOnesWhenTheSpoiltOneIsReleased() throws InterruptedException {
        for (int i = 0; i < SOUND; i++) {
            java[i] = region.mutex("java " + i);
            c[i] = i == 0 ? CMutexes.createInheriting() : CMutexes.create();
        }
        try {
            OwnThread.run(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    story.clear();
                    round();
                }
            });
        } catch (AssertionError failed) {
            throw new AssertionError("seed " + seed + ", after " + story, failed);
        }
    }

    private void round() {
        boolean isTaken = false;
        int spoilt = 0;
        for (int step = 0; step < STEPS; step++) {
            if (!isTaken && random.nextInt(4) == 0) {
                story.add("lock the hostile one");
                holds.put(0L, hostile.lock());
                isTaken = true;
            } else if (isTaken && random.nextInt(3) == 0) {
                spoil();
                spoilt++;
            } else {
                useSoundOne();
            }
            if (!isTaken) {
                check();
            }
        }
        if (isTaken) {
            release(holds.remove(0L), spoilt);
            check();
        }
        while (!held.isEmpty()) {
            toggle(new ArrayList<>(held).get(random.nextInt(held.size())));
            check();
        }
    }

    private void release(Hold hold, int spoilt) {
        story.add("release the hostile one");
        try {
            hold.close();
        } catch (MortmainException refused) {
            assertThat(spoilt).as(refused.toString()).isPositive();
        }
        long mutex = hostile.pthreadMutex().address();
        for (long at = 0; at < 2L * Long.BYTES; at += Long.BYTES) {
            WORDS.putLongRelease(mutex + at, 0);
        }
        WORDS.putIntRelease(forged + GlibcMutexLayout.LOCK, 0);
    }

    private void useSoundOne() {
        int index = random.nextInt(SOUND);
        long mutex = random.nextBoolean() ? java[index].pthreadMutex().address() : c[index];
        if (held.contains(mutex) && random.nextInt(3) == 0) {
            story.add("C waits for a condition with " + nameOf(mutex));
            CMutexes.unlock(mutex);
            CMutexes.lock(mutex);
            held.remove(mutex);
            held.push(mutex);
        } else {
            toggle(mutex);
        }
    }

    private void toggle(long mutex) {
        boolean isHeld = held.remove(mutex);
        story.add((isHeld ? "release " : "lock ") + nameOf(mutex));
        Hold hold = holds.remove(mutex);
        if (hold != null) {
            hold.close();
        } else if (isHeld) {
            CMutexes.unlock(mutex);
        } else if (isOfJava(mutex)) {
            holds.put(mutex, java(mutex).lock());
        } else {
            CMutexes.lock(mutex);
        }
        if (!isHeld) {
            held.push(mutex);
        }
    }

    private RobustMutex java(long mutex) {
        for (RobustMutex one : java) {
            if (one.pthreadMutex().address() == mutex) {
                return one;
            }
        }
        throw new AssertionError(mutex);
    }

    private boolean isOfJava(long mutex) {
        for (long ofC : c) {
            if (ofC == mutex) {
                return false;
            }
        }
        return true;
    }

    /** Writes over the word and the links of the hostile one, or those of one that is not locked. */
    private void spoil() {
        long mutex = random.nextInt(3) > 0 ? hostile.pthreadMutex().address() : forged;
        switch (random.nextInt(3)) {
            case 0 -> {
                int word = random.nextInt(3) == 0 ? 0 : KernelThread.id();
                story.add("word of " + nameOf(mutex) + " := " + word);
                WORDS.putIntRelease(mutex + GlibcMutexLayout.LOCK, word);
            }
            case 1 -> spoilLink(mutex, GlibcMutexLayout.NODE, "next of ");
            default -> spoilLink(mutex, GlibcMutexLayout.PREVIOUS, "previous of ");
        }
    }

    private void spoilLink(long mutex, int field, String which) {
        List<Long> nodes = new ArrayList<>(held);
        nodes.add(hostile.pthreadMutex().address());
        nodes.add(forged);
        long target = random.nextInt(6) == 0
                ? random.nextInt(64)
                : random.nextInt(6) == 0
                        ? KernelThread.robustListHead()
                        : nodes.get(random.nextInt(nodes.size())) + GlibcMutexLayout.NODE;
        story.add(which + nameOf(mutex) + " := " + nameOf(target - GlibcMutexLayout.NODE));
        WORDS.putLongRelease(mutex + field, target | (random.nextInt(8) == 0 ? GlibcMutexLayout.LINK_PI : 0));
    }

    private String nameOf(long mutex) {
        for (int i = 0; i < SOUND; i++) {
            if (c[i] == mutex) {
                return "c" + i;
            }
            if (java[i].pthreadMutex().address() == mutex) {
                return "java" + i;
            }
        }
        return mutex == forged
                ? "the forged one"
                : mutex == hostile.pthreadMutex().address() ? "the hostile one" : Long.toHexString(mutex);
    }

    private void check() {
        assertThat(RobustList.listed()).isEqualTo(new ArrayList<>(held));
        LockThread.current().checkInvariants();
    }
}
