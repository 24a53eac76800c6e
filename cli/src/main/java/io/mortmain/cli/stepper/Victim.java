package io.mortmain.cli.stepper;

import io.mortmain.Region;
import io.mortmain.RobustMutex;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A process that is to die in its section, which it is ready to begin, and the region that it shares with this one. */
final class Victim implements AutoCloseable {
    /** Proves nothing; so that a defect cannot stop the whole run. */
    private static final long GUARD_SECONDS = 60;

    private final Workplace place;
    private final Holder holder;
    private final Process process;
    private final Path file;
    private final Region region;
    private final SectionWords words;
    private final CompiledCode code = new CompiledCode();
    private int threadId;
    private long value;

    private Victim(Workplace place, Holder holder, Path file, Process process) {
        this.place = place;
        this.holder = holder;
        this.file = file;
        this.process = process;
        this.region = Region.open(file.toString());
        this.words = SectionWords.in(region);
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param started gets the process at once, so that it can be ended before
     */
    static Victim prepare(Workplace place, Holder holder, Consumer<Process> started) throws IOException {
        Path file = place.newRegion();
        Process process =
                holder == Holder.C ? place.startC("victim", file.toString()) : place.startJava(file.toString());
        started.accept(process);
        Victim victim = new Victim(place, holder, file, process);
        try {
            victim.awaitReady();
            return victim;
        } catch (IOException | RuntimeException failed) {
            victim.close();
            throw failed;
        }
    }

    private void awaitReady() throws IOException {
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(VictimMain.CODE)) {
                code.add(line.substring(VictimMain.CODE.length()));
            } else if (line.startsWith(VictimMain.READY)) {
                String[] numbers = line.substring(VictimMain.READY.length()).split(" ", -1);
                threadId = Integer.parseInt(numbers[0]);
                value = Long.parseLong(numbers[1]);
                return;
            }
        }
        throw new IOException("the process that was to be killed ended before it was ready; it said \""
                + place.saidOnError(process) + "\"");
    }

    /** Has it begin, and returns when it waits inside of its section. */
    void begin() throws IOException, InterruptedException {
        OutputStream orders = process.getOutputStream();
        orders.write('\n');
        orders.flush();
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(GUARD_SECONDS);
        while (words.get(SectionWords.WAITING) != value) {
            if (System.nanoTime() - guard > 0 || !process.isAlive()) {
                throw new IOException("the process that was to be killed did not begin");
            }
            Thread.sleep(1);
        }
        words.set(SectionWords.PHASE, 0);
    }

    /** Lets it go on from where it waits. */
    void letGo() {
        words.set(SectionWords.GO, value);
    }

    long phase() {
        return words.get(SectionWords.PHASE);
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits until the process is gone, all of its threads included. */
    void awaitEnd() throws IOException, InterruptedException {
        if (!process.waitFor(GUARD_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("process " + process.pid() + " does not end");
        }
        place.forget(process);
    }

    Holder holder() {
        return holder;
    }

    int threadId() {
        return threadId;
    }

    Path file() {
        return file;
    }

    RobustMutex mutex() {
        return region.mutex(SectionWords.MUTEX);
    }

    SectionWords words() {
        return words;
    }

    /** Throws unless the next instruction is in code of the second compiler; of a C program any is right. */
    void requireCompiled(long nextInstruction, int executed) {
        if (holder == Holder.JAVA && !code.contains(nextInstruction)) {
            throw new Elsewhere("after " + executed + " instructions the thread was in " + placeOf(nextInstruction));
        }
    }

    /** Throws unless it is in the second compiler's code of the very method that has the section. */
    void requireInSection(long nextInstruction) {
        if (holder == Holder.JAVA && !code.contains(nextInstruction, Section.METHOD)) {
            throw new Elsewhere("before the section the thread was in " + placeOf(nextInstruction));
        }
    }

    /** As far as the kernel knows; it must be alive. */
    private String placeOf(long address) {
        String hexadecimal = "0x" + Long.toHexString(address);
        try (var lines = Files.lines(Path.of("/proc", Integer.toString(threadId), "maps"))) {
            return lines.filter(line -> isIn(line, address))
                    .map(line -> line.indexOf('/') < 0
                            ? hexadecimal + ", no code of the second compiler"
                            : hexadecimal + " in " + line.substring(line.indexOf('/')))
                    .findFirst()
                    .orElse(hexadecimal);
        } catch (IOException gone) {
            return hexadecimal;
        }
    }

    private static boolean isIn(String line, long address) {
        String[] range = line.substring(0, line.indexOf(' ')).split("-", -1);
        return Long.compareUnsigned(address, Long.parseUnsignedLong(range[0], 16)) >= 0
                && Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        place.forget(process);
        region.close();
        Region.delete(file.toString());
    }
}
