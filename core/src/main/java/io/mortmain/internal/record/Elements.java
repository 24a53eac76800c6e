package io.mortmain.internal.record;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/** Arrays at a place, and what a record refuses of them: another length, and null. */
final class Elements {
    private Elements() {}

    static Object arrayAt(ScalarType type, long at, int count, MemorySegment from) {
        if (type == ScalarType.BOOLEAN) { // which is the one that segments do not copy
            boolean[] array = new boolean[count];
            for (int i = 0; i < count; i++) {
                array[i] = Scalars.booleanAt(at + i, from);
            }
            return array;
        }
        Object array = Array.newInstance(type.type(), count);
        MemorySegment.copy(from, type.layout(), at, array, 0, count);
        return array;
    }

    static void putArray(String path, ScalarType type, long at, int count, MemorySegment to, Object array) {
        check(path, count, array);
        if (array instanceof boolean[] booleans) {
            for (int i = 0; i < count; i++) {
                Scalars.put(at + i, to, booleans[i]);
            }
        } else {
            MemorySegment.copy(array, 0, to, type.layout(), at, count);
        }
    }

    /** @param element takes a record, as Object, out of the memory of one */
    static Object[] recordsAt(MethodHandle element, Class<?> type, long at, int count, long stride, MemorySegment from)
            throws Throwable {
        Object[] records = (Object[]) Array.newInstance(type, count);
        for (int i = 0; i < count; i++) {
            records[i] = (Object) element.invokeExact(from.asSlice(at + i * stride, stride));
        }
        return records;
    }

    /** @param element puts a record, as Object, into the memory of one */
    static void putRecords(
            MethodHandle element,
            String path,
            long at,
            int count,
            long stride,
            MemorySegment to,
            @Nullable Object[] records)
            throws Throwable {
        check(path, count, records);
        for (int i = 0; i < count; i++) {
            Object record = present(path, records[i]);
            element.invokeExact(to.asSlice(at + i * stride, stride), record);
        }
    }

    static Object present(String path, @Nullable Object value) {
        if (value == null) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT, path + " cannot be null: shared memory has none; give a value");
        }
        return value;
    }

    private static void check(String path, int count, Object array) {
        int length = Array.getLength(array);
        if (length != count) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT, path + " cannot have " + length + " elements; give exactly " + count);
        }
    }
}
