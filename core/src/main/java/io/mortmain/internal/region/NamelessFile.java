package io.mortmain.internal.region;

import io.mortmain.internal.fork.LifeLine;
import io.mortmain.internal.linux.OpenFile;

/** The file of a region without a name, open for as long as the region is; a child that is forked closes its copy at once. */
final class NamelessFile implements AutoCloseable {
    private final OpenFile file;
    private final LifeLine lifeLine;

    private NamelessFile(OpenFile file) {
        this.file = file;
        this.lifeLine = LifeLine.of(file.descriptor());
    }

    /** The same file, open once more. */
    static NamelessFile of(OpenFile file) {
        return new NamelessFile(file.againByDescriptor());
    }

    String path() {
        return file.path();
    }

    /** Open once more, for the caller to close. */
    OpenFile again() {
        return file.again();
    }

    @Override
    public void close() {
        lifeLine.close();
        file.close();
    }
}
