package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.DeathTrial.reported;
import static io.mortmain.cli.torture.DeathTrial.unreported;
import static io.mortmain.cli.torture.Side.C;
import static io.mortmain.cli.torture.Side.JAVA;

import io.mortmain.cli.torture.Fault.Victim;
import java.util.ArrayList;
import java.util.List;

/** Faults A1 to A14 and A25: the holder dies. */
final class Deaths {
    private static final String TOLD = "told";
    private static final String HANGS = "hangs";

    private Deaths() {}

    static List<Row> rows() {
        return List.of(
                row("A1", "SIGKILL while holding", told(Fault.of(Ending.KILL)), List.of(new SpeedTrial())),
                row("A2", "the holding thread ends, its process lives on", told(Fault.of(Ending.THREAD_END))),
                row(
                        "A3",
                        "exit while holding",
                        told("exit", "System.exit", Fault.of(Ending.EXIT)),
                        told("_exit", "Runtime.halt", Fault.of(Ending.HALT))),
                row(
                        "A4",
                        "crash with a signal",
                        told("SIGSEGV", "SIGSEGV", Fault.of(Ending.SEGMENTATION_FAULT)),
                        told("SIGABRT", "SIGABRT", Fault.of(Ending.ABORT)),
                        List.of(new CoreDumpTrial("with a core dump: C holder, Java acquirer", "told after the dump"))),
                row("A5", "the holder unmaps the memory, then dies", lost("", spoil("unmap"))),
                Living.unmapsAndLivesOn(),
                row(
                        "A7",
                        "the holder takes away its own access (mprotect), then dies",
                        lost("read-only", spoil("read-only")),
                        lost("no access", spoil("no-access"))),
                row("A8", "the holder moves the mapping (mremap), then dies", lost("", spoil("move"))),
                row("A9", "the holder maps something else over it, then dies", lost("", spoil("cover"))),
                row(
                        "A10",
                        "the holder unmaps a mutex that it took later, then dies",
                        lost("", spoil("unmap").to(Victim.ANOTHER))),
                tooMany(),
                row(
                        "A12",
                        "the holder's private memory is taken (process_mrelease) before it can die",
                        lost("", Fault.of(Ending.MEMORY_RELEASED))),
                execByMain(),
                row(
                        "A14",
                        "exec by another thread while holding; the new image lives on",
                        lost("", Fault.of(Ending.EXEC))),
                Damage.truncated(),
                Damage.punched(),
                withoutList());
    }

    @SafeVarargs
    private static Row row(String id, String title, List<? extends Trial>... trials) {
        List<Trial> all = new ArrayList<>();
        for (List<? extends Trial> some : trials) {
            all.addAll(some);
        }
        return new Row(id, title, all);
    }

    private static Fault spoil(String how) {
        return Fault.spoil(how, Ending.KILL);
    }

    private static List<Trial> told(Fault fault) {
        return told("", "", fault);
    }

    /** A fault that the kernel reports, in three ways: glibc alone, a C holder, a Java holder. */
    private static List<Trial> told(String ofC, String ofJava, Fault fault) {
        return List.of(new GlibcTrial(ofC, TOLD, fault), reported(ofC, C, fault), reported(ofJava, JAVA, fault));
    }

    /** A fault that the kernel does not report, in the same three ways. */
    private static List<Trial> lost(String variant, Fault fault) {
        return List.of(
                new GlibcTrial(variant, HANGS, fault), unreported(variant, C, fault), unreported(variant, JAVA, fault));
    }

    private static Row tooMany() {
        Fault fault = Fault.of(Ending.KILL).to(Victim.MANY_MORE);
        return row(
                "A11",
                "more than 2,048 mutexes held by one thread",
                List.of(
                        new GlibcTrial("the oldest of 2,101", HANGS, fault),
                        unreported("the oldest of 2,104", C, fault),
                        new DeedTrial("Java holder, the 2,049th", "TOO_MANY_HELD", "too-many 0"),
                        new DeedTrial("Java holder, 8 of them held by C code", "TOO_MANY_HELD", "too-many 8")));
    }

    private static Row execByMain() {
        Fault fault = Fault.of(Ending.EXEC).onMain();
        return row(
                "A13",
                "exec by the main thread while holding (never a Java thread)",
                List.of(new GlibcTrial("", TOLD, fault), reported("", C, fault)));
    }

    private static Row withoutList() {
        Fault never = Fault.of(Ending.KILL).to(Victim.NO_LIST);
        return row(
                "A17",
                "the holder's thread has no robust list",
                lost("replaced", Fault.of(Ending.KILL).to(Victim.LIST)),
                List.of(
                        new GlibcTrial("forbidden by seccomp", HANGS, never),
                        unreported("forbidden by seccomp", C, never),
                        refused("forbidden by seccomp: Java", "without-robust-list"),
                        refused("neither set nor found, as under an emulator: Java", "emulated")));
    }

    private static Trial refused(String name, String wrapper) {
        return new OneCell(name, "UNSUPPORTED_THREAD, with the cure", site -> refusal(site, wrapper));
    }

    private static String refusal(Site site, String wrapper) throws Exception {
        Spot spot = site.region();
        try (Hand hand = site.wrapped(List.of(site.program().toString(), wrapper))) {
            Answer answer = hand.ask("1", JAVA.map("0", spot));
            boolean cure = answer.text().contains("not under an emulator")
                    || answer.text().contains("allow the call in the seccomp profile");
            return answer.code() + (cure ? ", with the cure" : " | " + answer.text());
        }
    }
}
