package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.AllocatedBytes;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/**
 * A change of a record of numbers allocates nothing once it is compiled, in whatever order that was done. Worst is that the methods that
 * a change shares with others are compiled before it, with all that they call: the JIT does not inline what was compiled to much code.
 */
class GuardedAllocationTest {
    private static final List<String> SHARED_METHODS_GET_LARGE = List.of(
            "-XX:TieredStopAtLevel=4",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=inline,io.mortmain.internal.journal.*::*");
    private static final int OPERATIONS = 200_000;
    /** Until the compilers are done, which on a busy machine takes long; what allocates when compiled does so in all. */
    private static final int MOST_ROUNDS = 300;
    /** What the counting itself costs. */
    private static final double SOME = 0.01;

    private record Bank(long a, long b) {}

    private record Change(String name, IntConsumer times) {}

    /** A JVM with its default compilers. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        AllocatedBytes bytes = new AllocatedBytes();
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 1 << 16)) {
            Guarded<Bank> bank = region.guarded("bank", new Bank(0, 0));
            GuardedArray<Bank> banks = region.guardedArray("banks", 16, new Bank(0, 0));
            for (int round = 0; round < 12; round++) {
                set(bank, banks);
            }
            StringBuilder said = new StringBuilder("bytes allocated:");
            for (Change change : List.of(
                    new Change("one", times -> change(bank, times)),
                    new Change("element", times -> changeElement(banks, times)))) {
                double each = Double.MAX_VALUE;
                for (int round = 0; each > SOME && round < MOST_ROUNDS; round++) {
                    long before = bytes.now();
                    change.times().accept(OPERATIONS);
                    each = (bytes.now() - before) / (double) OPERATIONS;
                }
                said.append(' ').append(change.name()).append(each > SOME ? " " + each : " nothing");
            }
            System.out.println(
                    said.append(" of ").append(bank.get()).append(' ').append(banks.get(1)));
        }
    }

    private static void set(Guarded<Bank> bank, GuardedArray<Bank> banks) {
        for (int i = 0; i < OPERATIONS; i++) {
            bank.set(new Bank(i, -i));
            banks.set(i & 15, new Bank(i, -i));
        }
    }

    /** Two functions, as many as the JIT looks through. */
    private static void change(Guarded<Bank> bank, int times) {
        for (int i = 0; i < times; i += 2) {
            bank.update(now -> new Bank(now.a - 1, now.b + 1));
            bank.update(now -> new Bank(now.a - 2, now.b + 2));
        }
    }

    private static void changeElement(GuardedArray<Bank> banks, int times) {
        for (int i = 0; i < times; i += 2) {
            banks.update(i & 15, now -> new Bank(now.a - 1, now.b + 1));
            banks.update(i + 1 & 15, now -> new Bank(now.a - 2, now.b + 2));
        }
    }

    @Test
    void shouldAllocateNothingForAChangeWhateverWasCompiledBefore() {
        try (TestProcess compiled = TestProcess.java(SHARED_METHODS_GET_LARGE, GuardedAllocationTest.class)) {
            String said = compiled.expect("bytes allocated: ");
            System.out.println(said);
            assertThat(said).startsWith("bytes allocated: one nothing element nothing of ");
        }
    }
}
