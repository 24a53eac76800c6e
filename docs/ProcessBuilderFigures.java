import module io.mortmain;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Prints the figures of docs/process-builder.md: what ProcessBuilder does by each of the JDK's launch mechanisms. From the root of the project:
 * {@code ./mortmain java docs/ProcessBuilderFigures.java [MIB...]}. Each row is a JVM of its own, which has that many MiB in memory; without
 * numbers 50 and 1024.
 */
private static final int STARTS = 30;

private static final long MIB = 1 << 20;
private static final List<String> MECHANISMS = List.of("POSIX_SPAWN", "VFORK", "FORK");

void main(String[] arguments) throws Exception {
    if (arguments.length == 3 && arguments[0].equals("measure")) {
        System.setProperty("jdk.lang.Process.launchMechanism", arguments[1]); // before the JDK looks
        measure(arguments[1], Integer.parseInt(arguments[2]));
        return;
    }
    System.out.println("| mechanism | MiB in memory | one start, ms | handlers ran | descriptors beside the streams | child under held locks | the lock afterwards |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (String mechanism : MECHANISMS) {
        for (String size : arguments.length == 0 ? List.of("50", "1024") : List.of(arguments)) {
            Process row = new ProcessBuilder(itself("measure", mechanism, size))
                    .redirectError(ProcessBuilder.Redirect.DISCARD) // VFORK warns that it goes away
                    .start();
            try (BufferedReader said = row.inputReader()) {
                said.lines().forEach(System.out::println);
            }
            if (row.waitFor() != 0) {
                System.err.println("ProcessBuilderFigures: the JVM for " + mechanism + " ended with " + row.exitValue() + ".");
                System.exit(1);
            }
        }
    }
}

/** The command that started this program, with other arguments. */
private static List<String> itself(String... arguments) {
    ProcessHandle.Info here = ProcessHandle.current().info();
    List<String> command = new ArrayList<>(List.of(here.command().orElseThrow()));
    for (String argument : here.arguments().orElseThrow()) {
        command.add(argument);
        if (argument.endsWith("ProcessBuilderFigures.java")) {
            break;
        }
    }
    command.addAll(List.of(arguments));
    return command;
}

private static void measure(String mechanism, int size) throws Exception {
    String name = "process-builder-" + ProcessHandle.current().pid();
    AtomicInteger handlers = new AtomicInteger();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    try (Arena arena = Arena.ofConfined();
            Region region = Region.create(name, 0, RegionOptions.DEFAULT.withSeveralPidNamespaces());
            FileInputStream file = new FileInputStream("/etc/hostname");
            ServerSocket socket = new ServerSocket(0)) {
        touch(arena.allocate(size * MIB));
        RobustMutex mutex = region.mutex("m");
        Thread holder = Thread.ofPlatform().start(() -> {
            try (Hold hold = mutex.lock()) {
                held.countDown();
                over.await();
            } catch (InterruptedException never) {
                throw new AssertionError(never);
            }
        });
        held.await();
        double[] millis = starts();
        int exit = new ProcessBuilder("/bin/true").start().waitFor();
        try (ForkHooks.Registration hook = ForkHooks.register(handlers::incrementAndGet, () -> {})) {
            new ProcessBuilder("/bin/true").start().waitFor();
        }
        int descriptors = descriptors().size();
        over.countDown();
        holder.join();
        boolean isTold;
        try (Hold hold = mutex.lock()) {
            isTold = hold.predecessorDied();
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %.1f (%.1f to %.1f) | %s | %s | %s | %s |%n",
                mechanism,
                size,
                millis[millis.length / 2],
                millis[0],
                millis[millis.length - 1],
                handlers.get() == 0 ? "no" : "yes",
                descriptors == 0 ? "none of the JVM's" : descriptors + " of the JVM's",
                exit == 0 ? "ran" : "ended with " + exit,
                isTold ? "told of a death" : "as it was");
    } finally {
        Region.delete(name);
    }
}

/** Each page is there, as in a JVM that has used its heap. */
private static void touch(MemorySegment memory) {
    memory.fill((byte) 1);
}

/** How long the calls of start took, in order. */
private static double[] starts() throws Exception {
    double[] millis = new double[STARTS];
    for (int i = -3; i < STARTS; i++) {
        long start = System.nanoTime();
        Process process = new ProcessBuilder("/bin/true").start();
        long end = System.nanoTime();
        process.waitFor();
        if (i >= 0) {
            millis[i] = (end - start) / 1e6;
        }
    }
    Arrays.sort(millis);
    return millis;
}

/** Those above the streams that a child has; the one by which it looks is not counted. */
private static List<String> descriptors() throws Exception {
    Process process = new ProcessBuilder("/bin/sh", "-c", "for d in /proc/$$/fd/*; do readlink $d; done").start();
    List<String> all;
    try (BufferedReader said = process.inputReader()) {
        all = new ArrayList<>(said.lines().toList());
    }
    all.removeIf(target -> target.startsWith("pipe:"));
    return new ArrayList<>(new TreeSet<>(all));
}
