package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.RobustListLayout.FIRST;
import static io.mortmain.internal.layout.RobustListLayout.PENDING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The kill points find what a careless change could bring in: each defect is planted between the protocol and the memory. */
class PlantedDefectsTest {
    /** A defect that a careless change could bring in, planted between the protocol and the memory. */
    private abstract static class Planted extends HeapWords {
        private SimulatedWorld world;

        long head() {
            return world == null ? 0 : world.me.head;
        }

        long node() {
            return world.mutex(0) + NODE;
        }
    }

    private static int plant(Supplier<Planted> planted) {
        int found = 0;
        for (Map.Entry<String, KillPoints.Scenario> scenario : KillPoints.SCENARIOS.entrySet()) {
            Planted[] current = new Planted[1];
            KillPoints.Scenario bound = new KillPoints.Scenario(
                    world -> {
                        scenario.getValue().before().accept(world);
                        current[0].world = world;
                    },
                    scenario.getValue().operation(),
                    scenario.getValue().neverClean());
            try {
                KillPoints.killEverywhere(bound, scenario.getKey(), () -> current[0] = planted.get());
            } catch (AssertionError foundIt) {
                found++;
            }
        }
        return found;
    }

    @Test
    void shouldFindEachPlantedDefect() {
        Map<String, Supplier<Planted>> defects = new LinkedHashMap<>();
        defects.put("pending is never set", NoPending::new);
        defects.put("pending is cleared before the word is released", PendingClearedEarly::new);
        defects.put("pending is cleared before the list leads to the node", LinkedAfterPending::new);
        defects.put("the word is released before the node is unlinked", ReleasedBeforeUnlink::new);
        defects.put("the back link of the neighbour is forgotten", NoBackLink::new);
        defects.put("linked before the word is taken", LinkedBeforeTaken::new);
        defects.put("not recoverable is written after the release", OwnerAfterRelease::new);
        for (Map.Entry<String, Supplier<Planted>> defect : defects.entrySet()) {
            int found = plant(defect.getValue());
            System.out.println("planted: " + defect.getKey() + ": found by " + found + " scenarios");
            assertThat(found).as(defect.getKey()).isPositive();
        }
    }

    private static final class NoPending extends Planted {
        @Override
        public void putLongRelease(long address, long value) {
            if (address != head() + PENDING || value == 0) {
                super.putLongRelease(address, value);
            }
        }
    }

    private static final class PendingClearedEarly extends Planted {
        @Override
        public void putIntRelease(long address, int value) {
            super.putIntRelease(address, value);
            if (head() != 0 && address == node() - NODE + OWNER && value == 0) {
                super.putLongRelease(head() + PENDING, 0);
            }
        }
    }

    private static final class LinkedAfterPending extends Planted {
        private long heldBack;

        @Override
        public void putLongRelease(long address, long value) {
            if (head() != 0 && address == head() + FIRST && value == node()) {
                heldBack = value;
                return;
            }
            super.putLongRelease(address, value);
            if (heldBack != 0 && address == head() + PENDING && value == 0) {
                super.putLongRelease(head() + FIRST, heldBack);
                heldBack = 0;
            }
        }
    }

    private static final class ReleasedBeforeUnlink extends Planted {
        private long heldBack;

        @Override
        public void putLongRelease(long address, long value) {
            if (head() != 0 && address == head() + FIRST && value != node() && loadLong(address) == node()) {
                heldBack = value;
                return;
            }
            super.putLongRelease(address, value);
        }

        @Override
        public boolean compareAndSetInt(long address, int expected, int value) {
            boolean done = super.compareAndSetInt(address, expected, value);
            release();
            return done;
        }

        @Override
        public int getAndSetInt(long address, int value) {
            int old = super.getAndSetInt(address, value);
            release();
            return old;
        }

        private void release() {
            if (heldBack != 0) {
                super.putLongRelease(head() + FIRST, heldBack);
                heldBack = 0;
            }
        }
    }

    private static final class NoBackLink extends Planted {
        @Override
        public void putLongRelease(long address, long value) {
            if (head() == 0 || value != node() || address == head() + FIRST || address == head() + PENDING) {
                super.putLongRelease(address, value);
            }
        }
    }

    private static final class LinkedBeforeTaken extends Planted {
        @Override
        public boolean compareAndSetInt(long address, int expected, int value) {
            if (head() != 0 && address == node() - NODE && (value & TID_MASK) == SimulatedWorld.MINE) {
                super.putLongRelease(node(), loadLong(head() + FIRST));
                super.putLongRelease(head() + FIRST, node());
            }
            return super.compareAndSetInt(address, expected, value);
        }
    }

    private static final class OwnerAfterRelease extends Planted {
        private int heldBack;

        @Override
        public void putIntRelease(long address, int value) {
            if (head() != 0 && address == node() - NODE + OWNER && value == OWNER_NOT_RECOVERABLE) {
                heldBack = value;
                return;
            }
            super.putIntRelease(address, value);
        }

        @Override
        public int getAndSetInt(long address, int value) {
            int old = super.getAndSetInt(address, value);
            if (heldBack != 0) {
                super.putIntRelease(node() - NODE + OWNER, heldBack);
                heldBack = 0;
            }
            return old;
        }
    }
}
