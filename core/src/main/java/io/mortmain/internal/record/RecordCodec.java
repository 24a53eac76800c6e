package io.mortmain.internal.record;

import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * A template: {@link RecordCompiler} makes a hidden class of it for each record class, with handles of its own. Only what is in a static
 * final field is a constant for the JIT, which then compiles a record in and out as if it were written by hand, and needs no object where
 * the caller does not keep it. This class itself is never initialized: it has no handles.
 */
final class RecordCodec<T> extends Codec<T> {
    /** (long[]) to Object. */
    private static final MethodHandle DECODE = classData(0, MethodHandle.class);
    /** (long[], Object) to nothing. */
    private static final MethodHandle ENCODE = classData(1, MethodHandle.class);

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
    public T decode(long[] from) {
        try {
            return (T) (Object) DECODE.invokeExact(from);
        } catch (Throwable thrown) {
            throw RecordCodec.<RuntimeException>asItIs(thrown);
        }
    }

    @Override
    public void encode(T value, long[] to) {
        try {
            ENCODE.invokeExact(to, (Object) value);
        } catch (Throwable thrown) {
            throw RecordCodec.<RuntimeException>asItIs(thrown);
        }
    }

    /** For constructors and accessors declare no checked exceptions, and what they throw is not ours to wrap. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Throwable> X asItIs(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
