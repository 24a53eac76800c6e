package io.mortmain.testing;

import java.lang.reflect.Method;

/** The JVM's counter of heap that the calling thread has allocated. */
public final class AllocatedBytes {
    private final Object bean;
    private final Method counter;

    /** By reflection: the module of the library does not read that of the bean. */
    public AllocatedBytes() throws ReflectiveOperationException {
        bean = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        counter = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
    }

    /** Since the thread began; what this call allocates itself, some of it too. */
    public long now() throws ReflectiveOperationException {
        return (long) counter.invoke(bean);
    }
}
