package io.mortmain.bench.jmh;

import io.mortmain.bench.peer.Belongings;
import io.mortmain.bench.peer.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The same pair by what else Java has, and the least that a lock in shared memory costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 8, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class PeerBenchmark {
    private static final MethodHandle LOCK = Libc.takingPointer("pthread_mutex_lock");
    private static final MethodHandle UNLOCK = Libc.takingPointer("pthread_mutex_unlock");
    private static final MethodHandle CRITICAL_LOCK =
            Libc.takingPointer("pthread_mutex_lock", Linker.Option.critical(false));
    private static final MethodHandle CRITICAL_UNLOCK =
            Libc.takingPointer("pthread_mutex_unlock", Linker.Option.critical(false));
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();
    private static final MemorySegment MEMORY = Arena.global().allocate(64, 64);

    private final ReentrantLock reentrantLock = new ReentrantLock();
    private long mutex;
    private Path path;
    private FileChannel file;

    /** Makes the file and takes the address of the mutex. */
    @Setup
    public void prepare(Regions regions) throws IOException {
        mutex = regions.first.pthreadMutex().address();
        path = Files.createTempFile(Belongings.name() + "-", null);
        file = FileChannel.open(path, StandardOpenOption.WRITE);
    }

    /** Removes the file. */
    @TearDown
    public void delete() throws IOException {
        file.close();
        Files.delete(path);
    }

    /** glibc's own functions, called from Java. */
    @Benchmark
    public int downcall() throws Throwable {
        return (int) LOCK.invokeExact(mutex) | (int) UNLOCK.invokeExact(mutex);
    }

    /** The same as critical functions. */
    @Benchmark
    public int criticalDowncall() throws Throwable {
        return (int) CRITICAL_LOCK.invokeExact(mutex) | (int) CRITICAL_UNLOCK.invokeExact(mutex);
    }

    /** Between the threads of one process only. */
    @Benchmark
    public void reentrantLock() {
        reentrantLock.lock();
        try {
            // empty
        } finally {
            reentrantLock.unlock();
        }
    }

    /** A lock of the whole file. */
    @Benchmark
    public void fileLock() throws IOException {
        try (FileLock lock = file.lock()) {
            // empty
        }
    }

    /** One compare-and-set and one exchange. */
    @Benchmark
    public int floor() {
        boolean taken = WORD.compareAndSet(MEMORY, 0L, 0, 1);
        return (taken ? 1 : 0) + (int) WORD.getAndSet(MEMORY, 0L, 0);
    }
}
