package io.mortmain.cli.demo;

import io.mortmain.Region;
import io.mortmain.errors.RegionException;
import io.mortmain.process.Spawn;
import java.nio.file.Path;

/** The process of a Java worker. Started by the demo only; ends by itself when the demo is gone. */
final class WorkerMain {
    /** What the demo names the region that it hands over. */
    static final String BANK = "bank";

    private static final int ORPHANED = 4;
    private static final long LOOK_MILLIS = 100;

    private WorkerMain() {}

    /** Arguments: path of the region, to remove it, slot, seed, planted bug, the demo's temporary folder and process number. */
    public static void main(String[] arguments) {
        String region = arguments[0];
        Path folder = Path.of(arguments[4]);
        long demo = Long.parseLong(arguments[5]);
        Thread.ofPlatform().daemon().name("watches the demo").start(() -> endWithDemo(region, folder, demo));
        Desk desk = new Desk(
                Spawn.inherited(BANK).region(), Integer.parseInt(arguments[1]), PlantedBug.valueOf(arguments[3]));
        new Worker(desk, Long.parseLong(arguments[2])).work();
        Runtime.getRuntime().halt(0);
    }

    /** Not by reading standard input to its end: a thread in a system call would hold up the exits that the demo orders by 300 ms. */
    private static void endWithDemo(String region, Path folder, long demo) {
        while (ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L) == demo) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException again) {
                // nobody interrupts it
            }
        }
        try {
            Region.delete(region);
        } catch (RegionException another) {
            // another orphan was faster
        }
        TemporaryFolder.remove(folder);
        Runtime.getRuntime().halt(ORPHANED);
    }
}
