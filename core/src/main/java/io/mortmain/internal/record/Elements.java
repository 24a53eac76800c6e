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

    static Object arrayAt(ScalarType type, long at, int count, long[] words, long base) {
        if (type == ScalarType.BOOLEAN) { // which is the one that segments do not copy
            boolean[] array = new boolean[count];
            for (int i = 0; i < count; i++) {
                array[i] = Scalars.booleanAt(at + i, words, base);
            }
            return array;
        }
        Object array = Array.newInstance(type.type(), count);
        MemorySegment.copy(MemorySegment.ofArray(words), type.layout(), base + at, array, 0, count);
        return array;
    }

    static void putArray(String path, ScalarType type, long at, int count, long[] words, long base, Object array) {
        check(path, count, array);
        if (array instanceof boolean[] booleans) {
            for (int i = 0; i < count; i++) {
                Scalars.put(at + i, words, base, booleans[i]);
            }
        } else {
            MemorySegment.copy(array, 0, MemorySegment.ofArray(words), type.layout(), base + at, count);
        }
    }

    /** @param element takes a record, as Object, from where it begins in the words */
    static Object[] recordsAt(
            MethodHandle element, Class<?> type, long at, int count, long stride, long[] words, long base)
            throws Throwable {
        Object[] records = (Object[]) Array.newInstance(type, count);
        for (int i = 0; i < count; i++) {
            records[i] = (Object) element.invokeExact(words, base + at + i * stride);
        }
        return records;
    }

    /** @param element puts a record, as Object, where it begins in the words */
    static void putRecords(
            MethodHandle element,
            String path,
            long at,
            int count,
            long stride,
            long[] words,
            long base,
            @Nullable Object[] records)
            throws Throwable {
        check(path, count, records);
        for (int i = 0; i < count; i++) {
            Object record = present(path, records[i]);
            element.invokeExact(words, base + at + i * stride, record);
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
