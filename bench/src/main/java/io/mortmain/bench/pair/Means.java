package io.mortmain.bench.pair;

import java.nio.file.Path;
import java.util.List;

/** By what two numbers are shared, in Java. */
public enum Means {
    GUARDED("Mortmain Guarded", 2_048) {
        @Override
        SharedPair open(Path path) {
            return new GuardedPair(path);
        }
    },
    FILE_LOCK("FileChannel.lock, two stores in a mapped file", 128) {
        @Override
        SharedPair open(Path path) throws Exception {
            return new FileLockPair(path);
        }
    },
    LMDB("LMDB by lmdbjava, MDB_NOSYNC|MDB_WRITEMAP", 128) {
        @Override
        SharedPair open(Path path) throws Exception {
            return new LmdbPair(path);
        }

        @Override
        public List<String> jvmOptions(Path folder) {
            return List.of(
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dlmdbjava.extract.dir=" + folder,
                    "-Djffi.extract.dir=" + folder);
        }
    },
    CHRONICLE("Chronicle Map, acquireContext", 2_048) {
        @Override
        SharedPair open(Path path) throws Exception {
            return new ChroniclePair(path);
        }

        @Override
        public List<String> jvmOptions(Path folder) {
            return List.of(
                    "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
                    "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
                    "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                    "--add-opens=java.base/java.io=ALL-UNNAMED",
                    "--add-opens=java.base/java.util=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dchronicle.analytics.disable=true",
                    "-Djffi.extract.dir=" + folder,
                    "-Djna.tmpdir=" + folder);
        }
    };

    private final String title;
    private final int chunk;

    Means(String title, int chunk) {
        this.title = title;
        this.chunk = chunk;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /**
     * What its JVMs are started with, and no others.
     *
     * @param folder for files that it unpacks, which would be left where such a JVM is killed
     */
    public List<String> jvmOptions(Path folder) {
        return List.of();
    }

    /** How many moves between two looks at the clock. */
    int chunk() {
        return chunk;
    }

    /** Opens it, or makes it when there is none yet. */
    abstract SharedPair open(Path path) throws Exception;
}
