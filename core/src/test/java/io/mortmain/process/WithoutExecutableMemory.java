package io.mortmain.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.errors.ForkHooksException;
import io.mortmain.testing.TestRegion;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/** Forbids itself to make code at run time, and says what becomes of fork hooks, and of regions that would close descriptors in children. */
final class WithoutExecutableMemory {
    private static final int PR_SET_MDWE = 65;
    private static final long PR_MDWE_REFUSE_EXEC_GAIN = 1;

    private WithoutExecutableMemory() {}

    public static void main(String[] arguments) throws Throwable {
        Linker linker = Linker.nativeLinker();
        var prctl = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("prctl"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
        if ((int) prctl.invokeExact(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0L, 0L, 0L) != 0) {
            System.out.println("cannot be forbidden");
            return;
        }
        for (int i = 0; i < 2; i++) {
            try (ForkHooks.Registration registration = ForkHooks.register(() -> {}, () -> {})) {
                System.out.println("registered " + registration);
            } catch (ForkHooksException refused) {
                System.out.println("refused " + refused.reason() + ": " + refused.getMessage());
            }
        }
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0, RegionOptions.DEFAULT.withSeveralPidNamespaces());
                Hold hold = region.mutex("m").lock()) {
            System.out.println("locked, told " + hold.predecessorDied());
        }
    }
}
