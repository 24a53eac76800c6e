package io.mortmain.testing;

import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import io.mortmain.errors.RegionException;
import java.util.concurrent.atomic.AtomicInteger;

/** A region name that no other test run uses, and whose file is gone afterwards. */
public final class TestRegion implements AutoCloseable {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final String name = prefix(ProcessHandle.current().pid()) + NEXT.incrementAndGet();

    /** How the regions of a process begin. */
    static String prefix(long pid) {
        return "mortmain-test-" + pid + "-";
    }

    public String name() {
        return name;
    }

    /** The file. */
    public String path() {
        return "/dev/shm/" + name;
    }

    /** What is seen from outside of the object of that number, which is a mutex. */
    public MutexSnapshot seenMutex(int index) {
        return Region.inspect(name).objects().get(index).mutex().orElseThrow();
    }

    @Override
    public void close() {
        try {
            Region.delete(name);
        } catch (RegionException never) {
            assert never.reason() == RegionException.Reason.NOT_FOUND || new java.io.File(path()).delete() : never;
        }
    }
}
