package io.mortmain.process;

import io.mortmain.errors.SpawnException;
import io.mortmain.internal.linux.OwnDescriptor;
import io.mortmain.testing.Limits;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Starts children where there are too few descriptors, too little address space, too few processes; says what came of it. */
final class LimitedParent {
    private static final int NOBODY = 65534;
    private static final int HIGHEST = 511;
    private static final int MORE_THAN_NEEDED = 24;

    private LimitedParent() {}

    private static Spawn piped(String program) {
        return Spawn.of(program)
                .stdin(Handover.pipeToChild())
                .stdout(Handover.pipeFromChild())
                .pass("talk", Handover.socket());
    }

    public static void main(String[] arguments) throws Throwable {
        // whatever it takes is loaded before
        Child stays = Spawn.of("cat").stdin(Handover.pipeToChild()).start();
        System.out.println("warm: " + attempt("no-such-program") + ", " + attempt("true"));
        descriptors();
        highest();
        limited(Limits.ADDRESS_SPACE, Limits.addressSpaceInUse(), "address space");
        int nobody = (int) setUser().invokeExact(NOBODY);
        System.out.println("another user: " + (nobody == 0));
        limited(Limits.PROCESSES, 1, "processes");
        System.out.println("after all: " + attempt("true"));
        stays.close();
    }

    private static MethodHandle setUser() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setuid"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    /** With each number of free descriptors, from none on, until it works. */
    private static void descriptors() throws Throwable {
        TreeSet<String> answers = new TreeSet<>();
        List<Integer> before = open();
        long limit = Limits.of(Limits.DESCRIPTORS);
        int first = IntStream.range(0, 1024)
                .filter(i -> !before.contains(i))
                .findFirst()
                .orElseThrow();
        int free = 0;
        String answer = "";
        for (; free < MORE_THAN_NEEDED && !answer.equals("started"); free++) {
            long faults = faultsOfChildren();
            Limits.set(Limits.DESCRIPTORS, nthFree(before, first, free));
            try {
                answer = attempt("true");
            } finally {
                Limits.set(Limits.DESCRIPTORS, limit);
            }
            answers.add(answer);
            if (!answer.equals("started") && faultsOfChildren() != faults) {
                answers.add("a program ran that was refused");
            }
            if (!open().equals(before)) {
                answers.add("leaked " + open() + " of " + before);
            }
        }
        System.out.println("descriptors: " + answers + ", " + (free > 5 ? "several" : "few") + " tries");
    }

    /** Page faults of the children that have ended: no program begins without. */
    private static long faultsOfChildren() throws Exception {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[8]);
    }

    /** What is kept has the highest number that there is: nothing can be moved above it. */
    private static void highest() throws Throwable {
        long limit = Limits.set(Limits.DESCRIPTORS, HIGHEST + 1);
        try (OwnDescriptor high = OwnDescriptor.duplicate(0, HIGHEST)) {
            System.out.println("highest: " + attempt(piped("true").keep(high.number())));
        } finally {
            Limits.set(Limits.DESCRIPTORS, limit);
        }
    }

    /** A limit that leaves so many numbers free. */
    private static long nthFree(List<Integer> open, int first, int free) {
        int number = first;
        for (int left = free; left > 0; number++) {
            left -= open.contains(number) ? 0 : 1;
        }
        return number;
    }

    private static void limited(int resource, long most, String name) throws Throwable {
        List<Integer> before = open();
        long limit = Limits.set(resource, most);
        String answer;
        try {
            answer = attempt("true");
        } finally {
            Limits.set(resource, limit);
        }
        System.out.println(name + ": " + answer + (open().equals(before) ? "" : ", leaked"));
    }

    private static String attempt(String program) throws InterruptedException {
        return attempt(piped(program));
    }

    private static String attempt(Spawn spawn) throws InterruptedException {
        try (Child child = spawn.start()) {
            return child.await().isSuccess() ? "started" : "failed";
        } catch (SpawnException refused) {
            return refused.reason() + " " + refused.errno();
        }
    }

    private static List<Integer> open() {
        List<Integer> open = new ArrayList<>();
        IntStream.range(0, 1024).filter(OwnDescriptor::isOpen).forEach(open::add);
        return open;
    }
}
