package io.mortmain.cli.torture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where a mutex is.
 *
 * @param file a region, or a plain file for glibc alone
 * @param offset of the mutex in the file
 * @param name of the mutex in the region; empty in a plain file
 */
record Spot(Path file, long offset, String name) {
    private static final int TID_MASK = 0x3fffffff;
    private static final int WAITERS = 0x80000000;

    /** The futex word as it is now, read without taking part. */
    int word() {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer word = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            return channel.read(word, offset) == Integer.BYTES ? word.getInt(0) : 0;
        } catch (IOException gone) {
            return 0;
        }
    }

    int holder() {
        return word() & TID_MASK;
    }

    boolean hasSleepers() {
        return (word() & WAITERS) != 0;
    }
}
