package io.mortmain.internal.record;

import java.lang.constant.ConstantDescs;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * A template: {@link RecordCompiler} makes a hidden class of it for each record class, with handles of its own. Only what is in a static
 * final field is a constant for the JIT, which then compiles a record in and out as if it were written by hand, and needs no object where
 * the caller does not keep it. This class itself is never initialized: it has no handles.
 */
final class RecordCodec<T> extends Codec<T> {
    /** (MemorySegment) to Object. */
    private static final MethodHandle DECODE = classData(0, MethodHandle.class);
    /** (MemorySegment, Object) to nothing. */
    private static final MethodHandle ENCODE = classData(1, MethodHandle.class);

    private static final long SIZE = classData(2, Long.class);

    RecordCodec(Schema schema) {
        super(schema);
    }

    private static <D> D classData(int index, Class<D> type) {
        try {
            return MethodHandles.classDataAt(MethodHandles.lookup(), ConstantDescs.DEFAULT_NAME, type, index);
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // the handle constructs that record
    public T decode(MemorySegment from) {
        try {
            return from.heapBase().orElse(null) instanceof long[] words && isAllOf(words, from)
                    ? (T) (Object)
                            DECODE.invokeExact(MemorySegment.ofArray(words).asSlice(0, SIZE))
                    : (T) (Object) DECODE.invokeExact(from.asSlice(0, SIZE));
        } catch (Throwable thrown) {
            throw RecordCodec.<RuntimeException>asItIs(thrown);
        }
    }

    @Override
    public void encode(T value, MemorySegment to) {
        try {
            if (to.heapBase().orElse(null) instanceof long[] words && isAllOf(words, to)) {
                ENCODE.invokeExact(MemorySegment.ofArray(words).asSlice(0, SIZE), (Object) value);
            } else {
                ENCODE.invokeExact(to.asSlice(0, SIZE), (Object) value);
            }
        } catch (Throwable thrown) {
            throw RecordCodec.<RuntimeException>asItIs(thrown);
        }
    }

    /**
     * Of an array's segment the JIT knows the class, whatever other segments the program has, and of a slice of it the size: so it
     * leaves out what it knows, most checks among it.
     */
    private static boolean isAllOf(long[] words, MemorySegment memory) {
        return memory.byteSize() == (long) words.length * Long.BYTES;
    }

    /** For constructors and accessors declare no checked exceptions, and what they throw is not ours to wrap. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Throwable> X asItIs(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
