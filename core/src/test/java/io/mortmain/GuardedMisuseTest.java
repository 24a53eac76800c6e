package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.mortmain.GuardedArray.Options;
import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.TransactionTooLargeException;
import io.mortmain.testing.TestRegion;
import java.lang.foreign.MemoryLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What users of guarded data do wrong: each refusal names what it is about, and a cure that they can follow. */
class GuardedMisuseTest {
    private static final int LENGTH = 40;

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 1 << 22);
    private final Guarded<One> one = region.guarded("one", new One(1));
    private final GuardedArray<One> array = region.guardedArray("array", LENGTH, new One(1));
    private final GuardedArray<One> striped =
            region.guardedArray("striped", LENGTH, new One(1), Options.DEFAULT.withStripes(4));
    private final SharedHeap heap = region.heap("heap", 1 << 16);

    record One(long number) {}

    @AfterEach
    void delete() {
        region.close();
        name.close();
    }

    /** Runs something within a call of an object. */
    private interface Call {
        void around(Runnable inside);
    }

    /** The calls of each object, by how messages name it. */
    private Map<String, Call> calls() {
        return Map.of(
                "guarded one of ",
                        inside -> one.update(value -> {
                            inside.run();
                            return value;
                        }),
                "guarded array of ", inside -> array.update(new int[] {1}, _ -> inside.run()),
                "guarded striped of ",
                        inside -> striped.update(1, value -> {
                            inside.run();
                            return value;
                        }),
                "heap heap of ", inside -> heap.update(_ -> inside.run()));
    }

    @Test
    void shouldSayThatAnObjectIsToBeUsedAfterTheCall() {
        Map<String, Callable<?>> uses = Map.of(
                "guarded one of ",
                        () -> one.get(Duration.ofSeconds(1)).or(() -> {
                            throw new AssertionError();
                        }),
                "guarded array of ", () -> array.updateAndGet(1, value -> value),
                "guarded striped of ", striped::getAll,
                "heap heap of ", () -> heap.<Long>read(HeapView::root));
        calls().forEach((object, call) -> assertRefusedInside(object, call, uses.get(object)));
        assertRefusedInside("guarded one of ", calls().get("guarded one of "), one::get);
        assertRefusedInside("guarded one of ", calls().get("guarded one of "), () -> one.await(_ -> true));
        assertRefusedInside(
                "guarded one of ", calls().get("guarded one of "), () -> one.await(_ -> true, Duration.ofSeconds(1)));
    }

    private static void assertRefusedInside(String object, Call call, Callable<?> use) {
        assertThatExceptionOfType(LockException.class)
                .as(object)
                .isThrownBy(() -> call.around(() -> run(use)))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(LockException.Reason.WOULD_DEADLOCK))
                .withMessageContaining(" is within a call of " + object)
                .withMessageEndingWith(" already and might wait for itself; use it after that call");
    }

    private static void run(Callable<?> use) {
        try {
            use.call();
        } catch (RuntimeException refused) {
            throw refused;
        } catch (Exception other) {
            throw new AssertionError(other);
        }
    }

    @Test
    void shouldNameTheObjectWhoseCallKeepsARegionOpen() {
        calls().forEach((object, call) -> assertThatExceptionOfType(RegionException.class)
                .as(object)
                .isThrownBy(() -> call.around(region::close))
                .withMessageContaining(" holds " + object.replace(" of ", "; close the region after that call")));
    }

    @Test
    void shouldSayHowATransactionGetsRoom() {
        long block = heap.updateAndGet(transaction -> transaction.allocate(8_000));
        byte[] ones = new byte[8_000];
        Arrays.fill(ones, (byte) 1);
        assertThatExceptionOfType(TransactionTooLargeException.class)
                .isThrownBy(() -> heap.update(transaction -> transaction.putBytes(block, 0, ones)))
                .withMessageEndingWith("and its journal has room for 512; change less at once, or create it anew with a"
                        + " larger size: it has room for a word per 128 bytes of its size, and for 65536 at most");
        int[] all = IntStream.range(0, LENGTH).toArray();
        assertThatExceptionOfType(TransactionTooLargeException.class)
                .isThrownBy(() -> array.update(all, elements -> setEach(elements, all)))
                .withMessageEndingWith("change less at once, or create it anew with more elements per transaction");
    }

    private static void setEach(GuardedArray.Elements<One> elements, int[] indexes) {
        for (int index : indexes) {
            elements.set(index, new One(2));
        }
    }

    @Test
    void shouldSayThatTheRegionOfACounterIsClosed() {
        SharedLong hits = region.counter("hits");
        region.close();
        List<ThrowingCallable> uses = List.of(
                hits::get,
                () -> hits.set(1),
                () -> hits.getAndSet(1),
                hits::incrementAndGet,
                hits::decrementAndGet,
                () -> hits.addAndGet(3),
                () -> hits.compareAndSet(0, 1));
        uses.forEach(use -> assertThatExceptionOfType(LockException.class)
                .isThrownBy(use)
                .withMessage("the region handle of counter hits of region " + region.path()
                        + " is closed; open the region again")
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(LockException.Reason.CLOSED)));
        assertThatExceptionOfType(LockException.class)
                .as("as guarded data do")
                .isThrownBy(one::get)
                .withMessageContaining(" is closed; open the region again");
    }

    @Test
    @SuppressWarnings("NullAway") // what it is about
    void shouldNameWhatIsNull() {
        Map<ThrowingCallable, String> uses = new LinkedHashMap<>();
        uses.put(() -> region.guarded("new", (One) null), "initial");
        uses.put(() -> region.guarded("new", (MemoryLayout) null), "layout");
        uses.put(() -> region.guardedArray("new", 1, (One) null), "initial");
        uses.put(() -> one.update(null), "change");
        uses.put(() -> one.update(null, Duration.ZERO), "change");
        uses.put(() -> one.updateAndGet(null), "change");
        uses.put(() -> one.read(null), "look");
        uses.put(() -> one.await(null), "condition");
        uses.put(() -> array.get((int[]) null), "indexes");
        uses.put(() -> array.update((int[]) null, _ -> {}), "indexes");
        uses.put(() -> array.update(new int[] {1}, null), "change");
        uses.put(() -> array.update(1, null), "change");
        uses.put(() -> array.update(1, null, Duration.ZERO), "change");
        uses.put(() -> array.updateAndGet(1, null), "change");
        uses.put(() -> array.update(new int[] {1}, elements -> elements.update(1, null)), "change");
        uses.put(() -> striped.await(1, null), "condition");
        uses.put(() -> heap.update(null), "change");
        uses.put(() -> heap.updateAndGet(null), "change");
        uses.put(() -> heap.read(null), "look");
        uses.put(() -> heap.update(transaction -> transaction.putBytes(transaction.allocate(8), 0, null)), "bytes");
        uses.forEach((use, parameter) ->
                assertThatNullPointerException().isThrownBy(use).withMessage(parameter));
    }

    @Test
    void shouldRefuseNewNamesThatCommandsCannotReach() {
        String why = "because a slash separates region and object for the commands; use a dot instead";
        assertRefusedName(() -> region.guarded("a/b", new One(1)), "\"a/b\" cannot name guarded data, " + why);
        assertRefusedName(() -> region.guardedArray("a/b", 2, new One(1)), "cannot name guarded data, " + why);
        assertRefusedName(
                () -> region.guardedArray("a/b", 2, new One(1), Options.DEFAULT.withStripes(2)),
                "cannot name guarded data, " + why);
        assertRefusedName(() -> region.counter("/hits"), "cannot name a counter, " + why);
        assertThat(Region.inspect(name.name()).objects())
                .extracting(RegionSnapshot.NamedObject::name)
                .noneMatch(object -> object.contains("/"));
        region.mutex("a/b").lock().close();
    }

    private static void assertRefusedName(ThrowingCallable use, String because) {
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(use)
                .withMessageContaining(because)
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(RegionException.Reason.INVALID_ARGUMENT));
    }
}
