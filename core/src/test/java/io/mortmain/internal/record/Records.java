package io.mortmain.internal.record;

import io.mortmain.Length;

/** Records of the tests. */
final class Records {
    private Records() {}

    record Point(short x, double y, byte z) {}

    record Small(byte a, short b) {}

    /** As struct mixed of record_layout.c. */
    record Mixed(
            boolean flag,
            long whole,
            byte tiny,
            char letter,
            byte tiny2,
            float fraction,
            @Length(13) String name,
            byte after_name,
            Small small,
            int count,
            byte before_point,
            Point point,
            byte before_points,
            @Length(3) Point[] points,
            @Length(3) byte[] bytes,
            @Length(3) Small[] smalls,
            @Length(3) short[] shorts,
            @Length(2) long[] longs,
            @Length(5) boolean[] flags) {}

    record Arrays(
            @Length(2) boolean[] booleans,
            @Length(3) byte[] bytes,
            @Length(2) short[] shorts,
            @Length(2) char[] chars,
            @Length(2) int[] ints,
            @Length(2) long[] longs,
            @Length(2) float[] floats,
            @Length(2) double[] doubles) {}

    record Order(long price, @Length(3) int[] counts) {}

    record Bank(
            long alice, @Length(20) String owner, @Length(5) Order[] orders, Small last, boolean open) {}

    static Mixed mixed() {
        return new Mixed(
                true,
                Long.MIN_VALUE,
                (byte) -1,
                '\uffff',
                (byte) 2,
                1.5f,
                "grüße",
                (byte) 3,
                new Small((byte) 4, (short) -5),
                6,
                (byte) 7,
                new Point((short) 8, Double.MAX_VALUE, (byte) 9),
                (byte) 10,
                new Point[] {point(11), point(12), point(13)},
                new byte[] {14, 15, -16},
                new Small[] {small(17), small(18), small(19)},
                new short[] {20, -21, 22},
                new long[] {23, -24},
                new boolean[] {true, false, true, true, false});
    }

    static Bank bank() {
        Order[] orders = new Order[5];
        for (int i = 0; i < orders.length; i++) {
            orders[i] = new Order(i, new int[] {i, -i, i * i});
        }
        return new Bank(-1, "Alice", orders, small(3), true);
    }

    private static Point point(int number) {
        return new Point((short) number, number / 8.0, (byte) -number);
    }

    private static Small small(int number) {
        return new Small((byte) number, (short) (number * 1000));
    }
}
