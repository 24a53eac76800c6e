package io.mortmain.explore.mutant;

import io.mortmain.explore.program.Mutant;
import io.mortmain.internal.words.FileCalls;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A mutant that passes every call about files on. Its subclasses do one otherwise, and remember nothing from one file to the next. */
class FileMeddler extends Mutant {
    private @Nullable FileCalls<Integer> calls;

    @Override
    public final FileCalls<Integer> files(FileCalls<Integer> honest) {
        calls = honest;
        return new MeddledCalls();
    }

    final FileCalls<Integer> honest() {
        return Objects.requireNonNull(calls);
    }

    // What a subclass does otherwise; as it stands here, nothing.

    int make(String folder) {
        return honest().nameless(folder);
    }

    void reserve(int file, long offset, long size) {
        honest().reserve(file, offset, size);
    }

    void write(int file, long offset, byte[] bytes) {
        honest().write(file, offset, bytes);
    }

    void setMode(int file, int mode) {
        honest().setMode(file, mode);
    }

    void link(int file, String name) {
        honest().linkTo(file, name);
    }

    void close(int file) {
        honest().close(file);
    }

    void pause() {
        honest().pause();
    }

    private final class MeddledCalls extends FileCalls<Integer> {
        @Override
        public Integer nameless(String folder) {
            return make(folder);
        }

        @Override
        public Integer existing(String path) {
            return honest().existing(path);
        }

        @Override
        public Integer existingReadOnly(String path) {
            return honest().existingReadOnly(path);
        }

        @Override
        public long fileSystemType(Integer file) {
            return honest().fileSystemType(file);
        }

        @Override
        public void reserve(Integer file, long offset, long size) {
            FileMeddler.this.reserve(file, offset, size);
        }

        @Override
        public void write(Integer file, long offset, byte[] bytes) {
            FileMeddler.this.write(file, offset, bytes);
        }

        @Override
        public byte[] read(Integer file, long offset, int size) {
            return honest().read(file, offset, size);
        }

        @Override
        public void setGroup(Integer file, int groupId) {
            honest().setGroup(file, groupId);
        }

        @Override
        public void setMode(Integer file, int mode) {
            FileMeddler.this.setMode(file, mode);
        }

        @Override
        public Status status(Integer file) {
            return honest().status(file);
        }

        @Override
        public void linkTo(Integer file, String name) {
            link(file, name);
        }

        @Override
        public void unlink(String path) {
            honest().unlink(path);
        }

        @Override
        public void close(Integer file) {
            FileMeddler.this.close(file);
        }

        @Override
        public int effectiveUserId() {
            return honest().effectiveUserId();
        }

        @Override
        public void pause() {
            FileMeddler.this.pause();
        }
    }
}
