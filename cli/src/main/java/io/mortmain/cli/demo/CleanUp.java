package io.mortmain.cli.demo;

import io.mortmain.Region;
import io.mortmain.errors.RegionException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ends the workers and removes the region and the folder: once, at the end of the demo or of the JVM, whichever comes first. */
final class CleanUp {
    private final Path folder;
    private final Thread hook = new Thread(this::cleanUp, "cleans up after the demo");
    private @Nullable Region region;
    private @Nullable Company company;
    private boolean done;

    CleanUp(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Creates the region, unless the JVM ends already. */
    synchronized Region alsoRemove(Supplier<Region> creation) {
        requireNotDone();
        Region created = creation.get();
        region = created;
        return created;
    }

    synchronized void alsoEnd(Company company) {
        requireNotDone();
        this.company = company;
    }

    private void requireNotDone() {
        if (done) {
            throw new IllegalStateException("the demo was ended by a signal");
        }
    }

    void run() {
        cleanUp();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // then the JVM ends by a signal, and the exit code is its own
            awaitEndOfJvm();
        }
    }

    private synchronized void cleanUp() {
        if (done) {
            return;
        }
        done = true;
        if (company != null) {
            company.end();
        }
        if (region != null) {
            try {
                Region.delete(region.path().toString());
            } catch (RegionException gone) {
                assert gone.reason() == RegionException.Reason.NOT_FOUND : gone;
            }
        }
        TemporaryFolder.remove(folder);
    }

    private static void awaitEndOfJvm() {
        for (; ; ) {
            try {
                Thread.sleep(1_000);
            } catch (InterruptedException again) {
                // the JVM ends soon
            }
        }
    }
}
