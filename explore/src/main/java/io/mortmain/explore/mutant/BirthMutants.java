package io.mortmain.explore.mutant;

import io.mortmain.explore.machine.WantedRegion;

/** What can go wrong where a region is made and gets its name. */
final class BirthMutants {
    private BirthMutants() {}

    static final class LinkedBeforeHeader extends FileMeddler {
        @Override
        void write(int file, long offset, byte[] bytes) {
            if (offset == 0) {
                honest().linkTo(file, WantedRegion.NAME);
            }
            super.write(file, offset, bytes);
        }

        @Override
        void link(int file, String name) {}
    }

    static final class MutexNotWritten extends FileMeddler {
        @Override
        void write(int file, long offset, byte[] bytes) {
            if (offset == 0) {
                super.write(file, offset, bytes);
            }
        }
    }

    static final class SpaceNotReserved extends FileMeddler {
        @Override
        void reserve(int file, long offset, long size) {}
    }

    static final class ModeSetAfterLink extends FileMeddler {
        private int asked;

        @Override
        void setMode(int file, int mode) {
            asked = mode;
        }

        @Override
        void link(int file, String name) {
            super.link(file, name);
            super.setMode(file, asked);
        }
    }

    /** The creator goes on with the file that it made. */
    static final class TakenNameIgnored extends FileMeddler {
        @Override
        void link(int file, String name) {
            try {
                super.link(file, name);
            } catch (RuntimeException taken) {
                return;
            }
        }
    }

    /** Looks, and then does what rename(2) does: what has got the name in between loses it. */
    static final class TakenNameReplaced extends FileMeddler {
        @Override
        void link(int file, String name) {
            if (!isThere(name) && isThere(name)) {
                honest().unlink(name);
            }
            super.link(file, name);
        }

        private boolean isThere(String name) {
            try {
                honest().close(honest().existing(name));
                return true;
            } catch (RuntimeException none) {
                return false;
            }
        }
    }

    /** The file has another name while it is built, as where there are no nameless files. */
    static final class BuiltUnderAName extends FileMeddler {
        private boolean unfinished;

        @Override
        int make(String folder) {
            int file = super.make(folder);
            honest().linkTo(file, other(file));
            unfinished = true;
            return file;
        }

        @Override
        void close(int file) {
            if (unfinished) {
                honest().unlink(other(file));
                unfinished = false;
            }
            super.close(file);
        }

        private static String other(int file) {
            return WantedRegion.NAME + "-unfinished-" + file;
        }
    }

    static final class RefusedLeftOpen extends FileMeddler {
        private boolean refused;

        @Override
        void link(int file, String name) {
            refused = true;
            super.link(file, name);
            refused = false;
        }

        @Override
        void close(int file) {
            if (!refused) {
                super.close(file);
            }
            refused = false;
        }
    }

    static final class FullNotWaited extends FileMeddler {
        @Override
        void pause() {}
    }
}
