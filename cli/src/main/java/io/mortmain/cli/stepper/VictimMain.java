package io.mortmain.cli.stepper;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.internal.linux.KernelThread;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import javax.management.JMException;

/**
 * The JVM that is killed. Its argument is the path of the region. It repeats the section until that is the second compiler's code, says
 * where the code lies, then its thread's number and the value that it will store; a byte on standard input has it begin the section and
 * wait inside. Ends when standard input does.
 */
final class VictimMain {
    static final String CODE = "code ";
    static final String READY = "ready ";
    private static final int ORPHANED = 4;

    /** Four times what it takes until the second compiler is asked, which is waited for here. */
    private static final int ROUNDS = 20_000;

    private static final int ATTEMPTS = 10;

    private VictimMain() {}

    public static void main(String[] arguments) throws JMException, IOException, InterruptedException {
        CodeList codeList = new CodeList();
        try (Region region = Region.open(arguments[0])) {
            RobustMutex mutex = region.mutex(SectionWords.MUTEX);
            SectionWords words = SectionWords.in(region);
            List<String> code = List.of();
            int attempt = 0;
            while (attempt < ATTEMPTS && code.stream().noneMatch(line -> line.contains(Section.METHOD))) {
                warmUp(mutex, words.memory(), (long) attempt * ROUNDS);
                code = codeList.ofSecondCompiler();
                attempt++;
            }
            long next = (long) attempt * ROUNDS + 1;
            code.forEach(line -> System.out.println(CODE + line));
            System.out.println(READY + KernelThread.id() + " " + next);
            System.out.flush();
            if (System.in.read() >= 0) {
                Thread.ofPlatform().daemon().start(VictimMain::endWithInput);
                Section.once(mutex, words.memory(), next, Section.ENDLESSLY);
                Thread.sleep(Long.MAX_VALUE);
            }
        }
        Runtime.getRuntime().halt(ORPHANED);
    }

    /** With and without waits, so that the compiler has seen both. */
    private static void warmUp(RobustMutex mutex, MemorySegment words, long from) {
        for (int i = 1; i <= ROUNDS; i++) {
            words.set(JAVA_LONG, SectionWords.GO, from + i - i % 3);
            Section.once(mutex, words, from + i, 1);
        }
    }

    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        } catch (IOException ended) {
            // as the end
        }
        Runtime.getRuntime().halt(ORPHANED);
    }
}
