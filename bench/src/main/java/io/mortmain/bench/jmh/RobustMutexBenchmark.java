package io.mortmain.bench.jmh;

import io.mortmain.Hold;
import io.mortmain.RobustMutex;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One uncontended pair of lock and unlock of the robust mutex, in the shapes in which callers use it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 8, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class RobustMutexBenchmark {
    private RobustMutex mutex;
    private RobustMutex other;
    private Lock lock;

    /** Takes the mutexes into fields that are not static final. */
    @Setup
    public void take(Regions regions) {
        mutex = regions.first;
        other = regions.second;
        lock = mutex.asLock();
    }

    /** A mutex in a field. */
    @Benchmark
    public void field() {
        try (Hold hold = mutex.lock()) {
            // an empty section: the lock alone is measured
        }
    }

    /** Two mutexes, one inside the other. */
    @Benchmark
    @OperationsPerInvocation(2)
    public void nested() {
        try (Hold hold = mutex.lock();
                Hold second = other.lock()) {
            // empty
        }
    }

    /** A caller that is not inlined. */
    @Benchmark
    public void notInlined() {
        pair();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private void pair() {
        try (Hold hold = mutex.lock()) {
            // empty
        }
    }

    /** A hold that leaves the method that locked. */
    @Benchmark
    public void passedOn() {
        release(acquire());
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private Hold acquire() {
        return mutex.lock();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private void release(Hold hold) {
        hold.close();
    }

    /** The mutex as a {@code java.util.concurrent.locks.Lock}. */
    @Benchmark
    public void asLock() {
        lock.lock();
        try {
            // empty
        } finally {
            lock.unlock();
        }
    }
}
