package io.mortmain.cli.demo;

import io.mortmain.Region;
import io.mortmain.cli.process.ChildJvm;
import io.mortmain.process.Spawn;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who plays: which slots are C and which Java, and how each is started. Slots 1, 3, … are C where there is a compiler, so that both
 * languages are there from two workers on.
 *
 * @param workers how many
 * @param cProgram the compiled C worker
 * @param seed of the run
 * @param bug planted in the first worker, which is always a Java one
 */
record Cast(Region region, int workers, Optional<Path> cProgram, long seed, PlantedBug bug, Path folder) {

    boolean isC(int slot) {
        return cProgram.isPresent() && slot % 2 == 1;
    }

    String language(int slot) {
        return isC(slot) ? "C" : "Java";
    }

    int javaWorkers() {
        return cProgram.isPresent() ? (workers + 1) / 2 : workers;
    }

    int cWorkers() {
        return workers - javaWorkers();
    }

    Spawn worker(int slot, int start) {
        long ownSeed = (seed * BankLayout.SLOTS + slot) * 1_000_003L + start;
        return isC(slot) ? cWorker(slot, ownSeed) : javaWorker(slot, ownSeed);
    }

    private Spawn javaWorker(int slot, long ownSeed) {
        PlantedBug planted = slot == 0 ? bug : PlantedBug.NONE;
        return Spawn.java(
                        WorkerMain.class,
                        ChildJvm.OPTIONS,
                        region.path().toString(),
                        Integer.toString(slot),
                        Long.toString(ownSeed),
                        planted.name(),
                        folder.toString(),
                        Long.toString(ProcessHandle.current().pid()))
                .pass(WorkerMain.BANK, region);
    }

    private Spawn cWorker(int slot, long ownSeed) {
        return Spawn.of(
                cProgram.orElseThrow().toString(),
                region.path().toString(),
                Integer.toString(slot),
                Long.toString(ownSeed));
    }
}
