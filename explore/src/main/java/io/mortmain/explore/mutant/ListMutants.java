package io.mortmain.explore.mutant;

import static io.mortmain.internal.layout.RobustListLayout.FIRST;

import java.util.HashMap;
import java.util.Map;

/** What can go wrong with the links of the robust list. */
final class ListMutants {
    private ListMutants() {}

    static final class LinkedBeforeTaken extends Meddler {
        @Override
        boolean exchange(long address, int expected, int value) {
            if (takes(expected, value)) {
                storeLong(node(), honest().getLongPlain(head() + FIRST));
                storeLong(head() + FIRST, node());
            }
            return super.exchange(address, expected, value);
        }
    }

    static final class HeadNotUpdated extends Meddler {
        @Override
        boolean isStored(long address, long value) {
            return !isFirst(address) || value != node();
        }
    }

    static final class NextNotWritten extends Meddler {
        @Override
        boolean isStored(long address, long value) {
            return address != node() || value == 0;
        }
    }

    static final class HeadBeforeNext extends Meddler {
        @Override
        void storeLong(long address, long value) {
            if (address == node() && value != 0) {
                super.storeLong(head() + FIRST, node());
            }
            super.storeLong(address, value);
        }
    }

    static final class BackLinkForgotten extends Meddler {
        @Override
        boolean isStored(long address, long value) {
            return !isBackLink(address) || value != node();
        }
    }

    static final class BackLinkLeftAtUnlink extends Meddler {
        private boolean unlinks;

        @Override
        void begins() {
            unlinks = isHeld();
        }

        @Override
        boolean isStored(long address, long value) {
            return !isBackLink(address) || value != head() || !unlinks;
        }
    }

    static final class UnlinkForgotten extends Meddler {
        @Override
        boolean isStored(long address, long value) {
            return !isFirst(address) || value == node();
        }
    }

    /** The link of each node is remembered as it was when the node was linked; it follows from the program. */
    static final class UnlinkedByStaleNext extends Meddler {
        private final Map<Long, Long> next = new HashMap<>();

        @Override
        void storeLong(long address, long value) {
            if (address == node() && value != 0) {
                next.put(address, value);
            }
            boolean unlinks = isFirst(address) && value != node();
            super.storeLong(address, unlinks ? next.getOrDefault(node(), value) : value);
        }
    }

    static final class UnlinkedAfterRelease extends Meddler {
        private long due;

        @Override
        boolean isStored(long address, long value) {
            boolean unlinks = isFirst(address) && value != node();
            if (unlinks) {
                due = value;
            }
            return !unlinks;
        }

        @Override
        void afterFreeing(int old) {
            if (due != 0) {
                storeLong(head() + FIRST, due);
                due = 0;
            }
        }
    }
}
