package io.mortmain.explore.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Has real processes play a {@link FileStory}, in shared memory; one that is tight, in a file system that holds one whole file. */
final class RealFiles {
    private static final int SIZE = 65_536;
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String NAME =
            "mortmain-test-" + ProcessHandle.current().pid() + "-file";

    private RealFiles() {}

    static List<String> run(FileStory story) throws IOException, InterruptedException {
        if (!story.isTight()) {
            return play(story, SHARED_MEMORY);
        }
        try (SmallMount small = new SmallMount()) {
            return play(story, small.folder());
        }
    }

    /** Why no small file system can be mounted here, or empty. */
    static String refusalOfSmall() throws IOException {
        try (SmallMount small = new SmallMount()) {
            return small.said.equals(SmallMount.MOUNTED) ? "" : "unshare or mount does not work here: " + small.said;
        }
    }

    private static List<String> play(FileStory story, Path folder) throws IOException, InterruptedException {
        Path name = folder.resolve(NAME);
        List<String> results = new ArrayList<>();
        try (CStage first = creator(folder, name);
                CStage second = creator(folder, name)) {
            List<CStage> processes = List.of(first, second);
            for (FileStory.Deed deed : story.deeds()) {
                CStage process = processes.get(deed.process());
                if (deed.command().equals("die")) {
                    process.kill();
                    results.add("ok");
                } else {
                    results.add(String.join(" ", process.ask("did", deed.command())));
                }
            }
        } finally {
            Files.deleteIfExists(name);
        }
        return results;
    }

    private static CStage creator(Path folder, Path name) throws IOException, InterruptedException {
        return new CStage("creator", folder.toString(), name.toString(), Integer.toString(SIZE));
    }

    /** In a mount namespace of a process of its own, with which it ends. */
    private static final class SmallMount implements AutoCloseable {
        private static final String MOUNTED = "mounted";

        private final Process process;
        private final String said;

        SmallMount() throws IOException {
            process = new ProcessBuilder(
                            "sh",
                            "-c",
                            "exec unshare --mount sh -c 'mount -t tmpfs -o size=" + SIZE + " tmpfs " + SHARED_MEMORY
                                    + " && echo " + MOUNTED + " && read line'")
                    .redirectErrorStream(true)
                    .start();
            BufferedReader lines = process.inputReader();
            String line = lines.readLine();
            said = line == null ? "" : line;
        }

        Path folder() {
            return Path.of("/proc/" + process.pid() + "/root" + SHARED_MEMORY);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
