package io.mortmain.internal.region;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.words.SharedBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A part of a region as it is read from its file, piece by piece as it is looked at: nothing is mapped, and nothing can be stored. */
final class FileBytes extends SharedBytes {
    private static final int PIECE = 512;

    private final Pieces pieces;

    /**
     * What may be read of all the objects of a region: a directory that somebody else wrote can have a million of them, each of the same
     * bytes.
     */
    static final class Allowance {
        private static final int MOST = 1 << 22;

        private int left = MOST;

        private void take(int bytes) {
            if (bytes > left) {
                throw new RegionException(
                        Reason.LIMIT_REACHED,
                        "not looked at: no more than " + MOST
                                + " bytes of the data of a region are; use the object, which reads it");
            }
            left -= bytes;
        }
    }

    /** Those from there in the file. */
    FileBytes(OpenFile file, long begin, long size, Allowance allowance) {
        this.pieces = new Pieces(file, begin, size, allowance);
    }

    @Override
    public int getIntAcquire(long offset) {
        return pieces.at(offset, Integer.BYTES).getInt();
    }

    @Override
    public long getLong(long offset) {
        return pieces.at(offset, Long.BYTES).getLong();
    }

    @Override
    public void putIntRelease(long offset, int value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void putLong(long offset, long value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void storeStoreFence() {
        throw new UnsupportedOperationException();
    }

    /** What was read last. */
    private static final class Pieces {
        private final OpenFile file;
        private final long object;
        private final long size;
        private final Allowance allowance;
        private ByteBuffer piece = ByteBuffer.allocate(0);
        /** From the beginning of the object. */
        private long begin;

        Pieces(OpenFile file, long object, long size, Allowance allowance) {
            this.file = file;
            this.object = object;
            this.size = size;
            this.allowance = allowance;
        }

        /** The bytes from there on, at least so many. */
        ByteBuffer at(long offset, int bytes) {
            if (offset < 0 || offset > size - bytes) {
                throw new IndexOutOfBoundsException("offset " + offset + " of " + size);
            }
            if (offset < begin || offset + bytes > begin + piece.capacity()) {
                read(offset & -Long.BYTES);
            }
            return piece.position((int) (offset - begin));
        }

        private void read(long from) {
            int wanted = (int) Math.min(PIECE, size - from);
            allowance.take(wanted);
            byte[] read = file.read(object + from, wanted);
            if (read.length != wanted) {
                throw new RegionException(
                        Reason.DAMAGED,
                        "region " + file.path() + " was truncated while it was read; remove it and create it anew");
            }
            piece = ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
            begin = from;
        }
    }
}
