package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.DeathTrial.reported;
import static io.mortmain.cli.torture.DeathTrial.unreported;
import static io.mortmain.cli.torture.Side.C;
import static io.mortmain.cli.torture.Side.JAVA;

import io.mortmain.cli.torture.Fault.Victim;
import java.util.List;

/** Faults A1 to A14 and A25: the holder dies. */
final class Deaths {
    private static final String TOLD = "told";
    private static final String HANGS = "hangs";

    private Deaths() {}

    static List<Row> rows() {
        return List.of(
                killed(),
                threadEnds(),
                exits(),
                crashes(),
                spoiled("A5", "the holder unmaps the memory, then dies", Fault.spoil("unmap", Ending.KILL)),
                Living.unmapsAndLivesOn(),
                protectedMemory(),
                spoiled("A8", "the holder moves the mapping (mremap), then dies", Fault.spoil("move", Ending.KILL)),
                spoiled("A9", "the holder maps something else over it, then dies", Fault.spoil("cover", Ending.KILL)),
                spoiled(
                        "A10",
                        "the holder unmaps a mutex that it took later, then dies",
                        Fault.spoil("unmap", Ending.KILL).to(Victim.ANOTHER)),
                tooMany(),
                spoiled(
                        "A12",
                        "the holder's private memory is taken (process_mrelease) before it can die",
                        Fault.of(Ending.MEMORY_RELEASED)),
                execByMain(),
                execByAnother(),
                Damage.truncated(),
                Damage.punched(),
                withoutList());
    }

    /** A fault in three ways: glibc alone, a C holder, a Java holder. */
    private static Row spoiled(String id, String title, Fault fault) {
        return new Row(
                id,
                title,
                List.of(new GlibcTrial("", HANGS, fault), unreported("", C, fault), unreported("", JAVA, fault)));
    }

    private static Row killed() {
        Fault fault = Fault.of(Ending.KILL);
        return new Row(
                "A1",
                "SIGKILL while holding",
                List.of(
                        new GlibcTrial("", TOLD, fault),
                        reported("", C, fault),
                        reported("", JAVA, fault),
                        new SpeedTrial()));
    }

    private static Row threadEnds() {
        Fault fault = Fault.of(Ending.THREAD_END);
        return new Row(
                "A2",
                "the holding thread ends, its process lives on",
                List.of(new GlibcTrial("", TOLD, fault), reported("", C, fault), reported("", JAVA, fault)));
    }

    private static Row exits() {
        return new Row(
                "A3",
                "exit while holding",
                List.of(
                        new GlibcTrial("exit", TOLD, Fault.of(Ending.EXIT)),
                        new GlibcTrial("_exit", TOLD, Fault.of(Ending.HALT)),
                        reported("exit", C, Fault.of(Ending.EXIT)),
                        reported("_exit", C, Fault.of(Ending.HALT)),
                        reported("System.exit", JAVA, Fault.of(Ending.EXIT)),
                        reported("Runtime.halt", JAVA, Fault.of(Ending.HALT))));
    }

    private static Row crashes() {
        return new Row(
                "A4",
                "crash with a signal",
                List.of(
                        new GlibcTrial("SIGSEGV", TOLD, Fault.of(Ending.SEGMENTATION_FAULT)),
                        new GlibcTrial("SIGABRT", TOLD, Fault.of(Ending.ABORT)),
                        reported("SIGSEGV", C, Fault.of(Ending.SEGMENTATION_FAULT)),
                        reported("SIGABRT", C, Fault.of(Ending.ABORT)),
                        reported("SIGSEGV", JAVA, Fault.of(Ending.SEGMENTATION_FAULT)),
                        reported("SIGABRT", JAVA, Fault.of(Ending.ABORT)),
                        new CoreDumpTrial("with a core dump: C holder, Java acquirer", "told after the dump")));
    }

    private static Row protectedMemory() {
        Fault readOnly = Fault.spoil("read-only", Ending.KILL);
        Fault none = Fault.spoil("no-access", Ending.KILL);
        return new Row(
                "A7",
                "the holder takes away its own access (mprotect), then dies",
                List.of(
                        new GlibcTrial("read-only", HANGS, readOnly),
                        new GlibcTrial("no access", HANGS, none),
                        unreported("read-only", C, readOnly),
                        unreported("no access", C, none),
                        unreported("read-only", JAVA, readOnly),
                        unreported("no access", JAVA, none)));
    }

    private static Row tooMany() {
        Fault fault = Fault.of(Ending.KILL).to(Victim.MANY_MORE);
        return new Row(
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
        return new Row(
                "A13",
                "exec by the main thread while holding (never a Java thread)",
                List.of(new GlibcTrial("", TOLD, fault), reported("", C, fault)));
    }

    private static Row execByAnother() {
        return spoiled("A14", "exec by another thread while holding; the new image lives on", Fault.of(Ending.EXEC));
    }

    private static Row withoutList() {
        Fault replaced = Fault.of(Ending.KILL).to(Victim.LIST);
        Fault never = Fault.of(Ending.KILL).to(Victim.NO_LIST);
        return new Row(
                "A17",
                "the holder's thread has no robust list",
                List.of(
                        new GlibcTrial("replaced", HANGS, replaced),
                        new GlibcTrial("forbidden by seccomp", HANGS, never),
                        unreported("replaced", C, replaced),
                        unreported("forbidden by seccomp", C, never),
                        unreported("replaced", JAVA, replaced),
                        new OneCell("forbidden by seccomp: Java", "refused with the reason", Deaths::seccomp)));
    }

    private static String seccomp(Site site) throws Exception {
        Spot spot = site.region();
        try (Hand hand = site.wrapped(List.of(site.program().toString(), "without-robust-list"))) {
            Answer answer = hand.ask("1", JAVA.map("0", spot));
            if (answer.isDone()) {
                answer = hand.ask("1", "lock 0");
            }
            boolean said = !answer.isDone() && answer.text().contains("has no robust list");
            return said ? "refused with the reason | " + answer.code() : answer.code() + " | " + answer.text();
        }
    }
}
