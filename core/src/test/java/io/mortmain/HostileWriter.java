package io.mortmain;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Random;

/**
 * A process of {@code HostilePointersTest}: overwrites fields of the mutex at an offset of a file, over and over, with random values and
 * with those given: addresses that mean something in its victim.
 */
final class HostileWriter {
    private static final int FIELDS_END = 40;

    private HostileWriter() {}

    public static void main(String[] arguments) throws IOException {
        long mutex = Long.parseLong(arguments[1]);
        Random random = new Random(Long.parseLong(arguments[2]));
        int[] offsets = offsets(arguments[3]);
        long[] chosen = new long[arguments.length - 4];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = Long.parseUnsignedLong(arguments[4 + i], 16);
        }
        try (RandomAccessFile file = new RandomAccessFile(arguments[0], "rw");
                FileChannel channel = file.getChannel()) {
            var map = channel.map(FileChannel.MapMode.READ_WRITE, mutex, FIELDS_END)
                    .order(ByteOrder.nativeOrder());
            System.out.println("scribbling");
            for (; ; ) {
                int at = offsets[random.nextInt(offsets.length)];
                long value = random.nextInt(4) == 0 ? random.nextLong() : chosen[random.nextInt(chosen.length)];
                if (at >= 24) {
                    map.putLong(at, value + random.nextInt(3));
                } else {
                    map.putInt(at, (int) value);
                }
                if (random.nextInt(64) == 0) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Where in the mutex it writes: only the links, only the futex word, links, count and users, or those and the word and the owner. */
    private static int[] offsets(String what) {
        return switch (what) {
            case "links" -> new int[] {24, 32, 32};
            case "lock" -> new int[] {0};
            case "fields" -> new int[] {4, 12, 24, 24, 32, 32, 32};
            default -> new int[] {0, 4, 8, 12, 24, 24, 32, 32, 32};
        };
    }
}
