package io.mortmain.internal.heap;

import io.mortmain.internal.heap.HeapMemory.Maker;
import io.mortmain.internal.journal.WordChanges;
import io.mortmain.internal.layout.HeapLayout;
import io.mortmain.internal.words.SharedBytes;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/** The catalogue of breakages of the heap, of the kind that a careless change brings. Each must be found. */
final class HeapMutants {
    /**
     * A breakage.
     *
     * @param name words with hyphens
     * @param text what is broken, as a sentence without its full stop
     */
    record Mutant(String name, String text, Maker maker) {
        @Override
        public String toString() {
            return name + ": " + text;
        }
    }

    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "list-outside",
                    "the head of a free list is changed at once, outside of the journal",
                    atOnce(offset -> offset >= HeapLayout.FREE_LISTS && offset < HeapLayout.BLOCKS)),
            new Mutant("top-first", "the top is moved at once", atOnce(offset -> offset == HeapLayout.TOP)),
            new Mutant("root-first", "the root is changed at once", atOnce(offset -> offset == HeapLayout.ROOT)),
            new Mutant(
                    "header-first",
                    "words of blocks are changed at once",
                    atOnce(offset -> offset >= HeapLayout.BLOCKS)),
            new Mutant(
                    "end-afterwards",
                    "the committed end is moved after the transaction",
                    (bytes, data, changes) -> new EndAfterwards(bytes, data, changes)),
            new Mutant(
                    "link-cleared",
                    "the link of a free block is cleared with its contents, at once",
                    (bytes, data, changes) -> new LinkCleared(bytes, data, changes)),
            new Mutant(
                    "freed-now-cleared",
                    "a block that is freed in a transaction is cleared in it at once",
                    (bytes, data, changes) -> new FreedNowCleared(bytes, data, changes)),
            new Mutant(
                    "two-commits",
                    "the words are written in two transactions",
                    (bytes, data, changes) -> new TwoCommits(bytes, data, changes)));

    private HeapMutants() {}

    private static Maker atOnce(LongPredicate which) {
        return (bytes, data, changes) -> new StagedWords(bytes, data, changes) {
            @Override
            void put(long offset, long value) {
                if (which.test(offset)) {
                    store(offset, value);
                } else {
                    super.put(offset, value);
                }
            }
        };
    }

    private static final class EndAfterwards extends StagedWords {
        private long end;

        EndAfterwards(SharedBytes bytes, long data, WordChanges changes) {
            super(bytes, data, changes);
        }

        @Override
        void put(long offset, long value) {
            if (offset == HeapLayout.COMMITTED_END) {
                end = value;
            } else {
                super.put(offset, value);
            }
        }

        @Override
        boolean commit() {
            boolean changed = super.commit();
            if (end != 0) {
                store(HeapLayout.COMMITTED_END, end);
            }
            return changed;
        }
    }

    private static final class LinkCleared extends StagedWords {
        LinkCleared(SharedBytes bytes, long data, WordChanges changes) {
            super(bytes, data, changes);
        }

        @Override
        void clear(long from, long to) {
            if (original(from - 2 * Long.BYTES) == get(from - 2 * Long.BYTES)) {
                throw new AssertionError("a block that is allocated has another header than before");
            }
            store(from - Long.BYTES, 0);
            super.clear(from, to);
        }
    }

    private static final class FreedNowCleared extends StagedWords {
        private final Map<Long, Long> now = new HashMap<>();

        FreedNowCleared(SharedBytes bytes, long data, WordChanges changes) {
            super(bytes, data, changes);
        }

        @Override
        void put(long offset, long value) {
            now.put(offset, value);
            super.put(offset, value);
        }

        @Override
        long original(long offset) {
            return now.getOrDefault(offset, super.original(offset));
        }
    }

    private static final class TwoCommits extends StagedWords {
        private final Map<Long, Long> all = new LinkedHashMap<>();
        private final WordChanges changes;
        private final long data;

        TwoCommits(SharedBytes bytes, long data, WordChanges changes) {
            super(bytes, data, changes);
            this.changes = changes;
            this.data = data;
        }

        @Override
        void put(long offset, long value) {
            all.put(data + offset, value);
            super.put(offset, value);
        }

        @Override
        boolean commit() {
            long[] offsets = all.keySet().stream().mapToLong(offset -> offset).toArray();
            long[] values = all.values().stream().mapToLong(value -> value).toArray();
            return changes.write(offsets, values, offsets.length / 2) | super.commit();
        }

        @Override
        void discard() {
            all.clear();
            super.discard();
        }
    }
}
