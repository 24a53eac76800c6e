package io.mortmain.internal.guarded;

import io.mortmain.internal.record.Codec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a guarded value to functions for as long as they run, and takes what they make of it. Of whoever holds the mutex: one value is
 * lent at a time.
 */
public abstract class Lender<T> {
    final Codec<T> codec;

    Lender(Codec<T> codec) {
        this.codec = codec;
    }

    /** Of records, which are copies from the beginning. */
    public static <T extends Record> Lender<T> ofRecords(Class<T> type) {
        return new Copies<>(Codec.of(type));
    }

    /** Of maps from field to value, which are copies too. */
    public static Lender<Map<String, Object>> ofFields(Codec<Map<String, Object>> codec) {
        return new Copies<>(codec);
    }

    /** Of memory. */
    public static Lender<MemorySegment> ofMemory(String name, MemoryLayout layout) {
        return new Views(Codec.of(name, layout));
    }

    public Codec<T> codec() {
        return codec;
    }

    /** The value in these words, until {@link #end}. */
    public abstract T lend(long[] words);

    /** What stays of a lent value, or of one that a function made. */
    public abstract T kept(T value);

    /** Ends what was lent, if anything is. */
    public abstract void end();

    private static final class Copies<T> extends Lender<T> {
        Copies(Codec<T> codec) {
            super(codec);
        }

        @Override
        public T lend(long[] words) {
            return codec.decode(words);
        }

        @Override
        public T kept(T value) {
            return value;
        }

        @Override
        public void end() {}
    }

    /** Each is memory of its own, which the caller's thread alone can reach, and nobody afterwards. */
    private static final class Views extends Lender<MemorySegment> {
        private @Nullable Arena lent;

        Views(Codec<MemorySegment> codec) {
            super(codec);
        }

        @Override
        public MemorySegment lend(long[] words) {
            Arena arena = Arena.ofConfined();
            lent = arena;
            MemorySegment from = codec.decode(words);
            return arena.allocate(from.byteSize(), Long.BYTES).copyFrom(from);
        }

        @Override
        public MemorySegment kept(MemorySegment value) {
            long[] words = new long[Math.toIntExact((value.byteSize() + Long.BYTES - 1) / Long.BYTES)];
            return MemorySegment.ofArray(words).asSlice(0, value.byteSize()).copyFrom(value);
        }

        @Override
        public void end() {
            Arena ended = lent;
            if (ended != null) {
                lent = null;
                ended.close();
            }
        }
    }
}
