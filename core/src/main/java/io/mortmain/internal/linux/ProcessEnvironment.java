package io.mortmain.internal.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The environment of this process. */
public final class ProcessEnvironment {
    private ProcessEnvironment() {}

    /** Each as NAME=value, byte for byte: Java decodes it, and not every byte comes back. */
    public static List<byte[]> read() {
        MemorySegment everything = Native.addressSpace();
        List<byte[]> variables = new ArrayList<>();
        long vector = everything.get(
                Native.POINTER, Native.find("environ").orElseThrow().address());
        for (long at = vector; vector != 0 && everything.get(Native.POINTER, at) != 0; at += Long.BYTES) {
            long start = everything.get(Native.POINTER, at);
            long end = start;
            while (everything.get(ValueLayout.JAVA_BYTE, end) != 0) {
                end++;
            }
            variables.add(everything.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE));
        }
        return variables;
    }
}
