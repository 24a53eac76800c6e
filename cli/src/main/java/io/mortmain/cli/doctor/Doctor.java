package io.mortmain.cli.doctor;

import io.mortmain.internal.linux.Platform;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Goes through the checks, from what is only read to what is tried. No check can keep another from its turn, except that nothing is
 * tried on a machine that the library refuses. */
public final class Doctor {
    private final Consumer<Finding> findings;

    private Doctor(Consumer<Finding> findings) {
        this.findings = findings;
    }

    /** Hands over each finding when it is there; takes a second or two. */
    public static void examine(Consumer<Finding> findings) {
        new Doctor(findings).examine();
    }

    private void examine() {
        check("kernel", MachineChecks::kernel);
        check("jdk", MachineChecks::jdk);
        try {
            Platform.current();
        } catch (UnsupportedOperationException refused) {
            findings.accept(Finding.failed("platform", String.valueOf(refused.getMessage()), ""));
            return;
        }
        check("glibc", MachineChecks::glibc);
        check("pid namespace", MachineChecks::pidNamespace);
        check("shared memory", SharedMemoryChecks::room);
        check("unused regions", SharedMemoryChecks::leftRegions);
        check("thread descriptors", FacilityChecks::threadDescriptors);
        tryPromises();
    }

    private void tryPromises() {
        try (Trials trials = Trials.prepare()) {
            trials.start();
            check("process numbers", trials::processNumbers);
            check("ptrace permission", () -> FacilityChecks.ptracePermission(trials.canReadAnother()));
            check("foreign lists", () -> FacilityChecks.foreignLists(trials.canReadAnother()));
            check("file leases", trials::fileLeases);
            check("robust list", trials::robustList);
            check("virtual thread", trials::virtualThread);
            check("stopped holder", trials::stoppedHolder);
            check("killed holder", trials::killedHolder);
            check("unreported death", trials::unreportedDeath);
            check("killed writer", trials::killedWriter);
        } catch (RuntimeException notPrepared) {
            findings.accept(unexpected("trials", notPrepared));
        }
    }

    private void check(String name, Supplier<Finding> check) {
        try {
            findings.accept(check.get());
        } catch (RuntimeException failed) {
            findings.accept(unexpected(name, failed));
        }
    }

    /** The sentences of the library have the cure in them. */
    private static Finding unexpected(String name, RuntimeException failed) {
        String message = failed.getMessage();
        return Finding.failed(name, message == null ? failed.toString() : message, "");
    }
}
