package io.mortmain.internal.fork;

/** The instructions of aarch64 that the fork code has, each of four bytes. Registers go by their numbers, 32 bits of them unless the name says 64. */
final class Arm64Assembler extends Assembler {
    /** Reads as 0. */
    static final int ZERO = 31;

    private static final int SIZE = 4;
    private static final int CONDITIONAL_BITS = 19;
    private static final int CONDITIONAL_SHIFT = 5;
    private static final int TEST_BITS = 14;
    private static final int ALWAYS_BITS = 26;
    private static final int TEST = 0x36000000;
    private static final int TEST_MASK = 0x7e000000;
    private static final int ALWAYS = 0x14000000;
    private static final int ALWAYS_MASK = 0xfc000000;

    @Override
    void patch(byte[] into, int at, int end, int target) {
        int word = 0;
        for (int i = SIZE - 1; i >= 0; i--) {
            word = word << Byte.SIZE | (into[at + i] & 0xff);
        }
        int distance = (target - at) / SIZE;
        if ((word & ALWAYS_MASK) == ALWAYS) {
            word |= field(distance, ALWAYS_BITS, 0);
        } else if ((word & TEST_MASK) == TEST) {
            word |= field(distance, TEST_BITS, CONDITIONAL_SHIFT);
        } else {
            word |= field(distance, CONDITIONAL_BITS, CONDITIONAL_SHIFT);
        }
        for (int i = 0; i < SIZE; i++) {
            into[at + i] = (byte) (word >> (i * Byte.SIZE));
        }
    }

    private static int field(int value, int bits, int shift) {
        int lost = Integer.SIZE - bits;
        if (value << lost >> lost != value) {
            throw new IllegalStateException(value + " in " + bits + " bits");
        }
        return (value & ((1 << bits) - 1)) << shift;
    }

    private void word(String text, int word) {
        emit(text, word, word >> 8, word >> 16, word >> 24);
    }

    private void jump(String text, Label target, int word) {
        emitJump(text, target, word, word >> 8, word >> 16, word >> 24);
    }

    /** Where an indirect call may lead, should that be enforced. */
    void landing() {
        word("bti c", 0xd503245f);
    }

    void systemCall() {
        word("svc #0x0", 0xd4000001);
    }

    void ret() {
        word("ret", 0xd65f03c0);
    }

    void jump(Label target) {
        jump("b ", target, ALWAYS);
    }

    void jumpIfEqual(Label target) {
        jump("b.eq ", target, 0x54000000);
    }

    void jumpIfNotEqual(Label target) {
        jump("b.ne ", target, 0x54000001);
    }

    void jumpIfGreater(Label target) {
        jump("b.gt ", target, 0x5400000c);
    }

    void jumpIfZero(int register, Label target) {
        jump("cbz w" + register + ", ", target, 0x34000000 | register);
    }

    void jumpIfNotZero(int register, Label target) {
        jump("cbnz w" + register + ", ", target, 0x35000000 | register);
    }

    void jumpIfNegative(int register, Label target) {
        jump("tbnz w" + register + ", #31, ", target, 0x37000000 | 31 << 19 | register);
    }

    void jumpIfNegative64(int register, Label target) {
        jump("tbnz x" + register + ", #63, ", target, 0xb7000000 | 31 << 19 | register);
    }

    void move(int to, int value) {
        word("mov w" + to + ", " + hex(value), 0x52800000 | field(value, 17, 5) | to);
    }

    /** Its highest bit alone. */
    void moveHighestBit(int to) {
        word("mov w" + to + ", " + hex(Integer.MIN_VALUE), 0x52a00000 | 0x8000 << 5 | to);
    }

    /** All bits but the highest. */
    void moveLargest(int to) {
        word("mov w" + to + ", " + hex(Integer.MAX_VALUE), 0x12a00000 | 0x8000 << 5 | to);
    }

    void moveRegister(int to, int from) {
        word("mov w" + to + ", w" + from, 0x2a0003e0 | from << 16 | to);
    }

    void moveRegister64(int to, int from) {
        word("mov x" + to + ", x" + from, 0xaa0003e0 | from << 16 | to);
    }

    void or(int to, int with) {
        word("orr w" + to + ", w" + to + ", w" + with, 0x2a000000 | with << 16 | to << 5 | to);
    }

    void compare(int left, int right) {
        word("cmp w" + left + ", w" + right, 0x6b00001f | right << 16 | left << 5);
    }

    /** All but the second highest bit. */
    void withoutBit30(int to, int from) {
        word("and w" + to + ", w" + from + ", #0xbfffffff", 0x12017800 | from << 5 | to);
    }

    void add(int to, int value) {
        word("add w" + to + ", w" + to + ", " + hex(value), 0x11000000 | field(value, 13, 10) | to << 5 | to);
    }

    void subtract(int to, int from, int value) {
        word("sub w" + to + ", w" + from + ", " + hex(value), 0x51000000 | field(value, 13, 10) | from << 5 | to);
    }

    void subtractAndTest(int to, int value) {
        word("subs w" + to + ", w" + to + ", " + hex(value), 0x71000000 | field(value, 13, 10) | to << 5 | to);
    }

    void add64(int to, int from, int value) {
        word("add x" + to + ", x" + from + ", " + hex(value), 0x91000000 | field(value, 13, 10) | from << 5 | to);
    }

    /** The address of an int in an array. */
    void addFourTimes(int to, int index) {
        word("add x" + to + ", x" + to + ", w" + index + ", uxtw #2", 0x8b204800 | index << 16 | to << 5 | to);
    }

    /** An address at a distance from the beginning of the code. */
    void addressOf(int to, int target) {
        int distance = target - here();
        int low = (distance & 3) << 29;
        word("adr x" + to + ", 0x" + Integer.toHexString(target), 0x10000000 | low | field(distance >> 2, 19, 5) | to);
    }

    void load(int to, int from, int offset) {
        word(
                "ldr w" + to + ", " + place(from, offset),
                0xb9400000 | field(offset / Integer.BYTES, 13, 10) | from << 5 | to);
    }

    void store(int value, int to, int offset) {
        String name = value == ZERO ? "wzr" : "w" + value;
        word(
                "str " + name + ", " + place(to, offset),
                0xb9000000 | field(offset / Integer.BYTES, 13, 10) | to << 5 | value);
    }

    void load64(int to, int from, int offset) {
        word(
                "ldr x" + to + ", " + place(from, offset),
                0xf9400000 | field(offset / Long.BYTES, 13, 10) | from << 5 | to);
    }

    /** Two registers from two words in a row. */
    void loadPair64(int first, int second, int from, int offset) {
        word(
                "ldp x" + first + ", x" + second + ", " + place(from, offset),
                0xa9400000 | field(offset / Long.BYTES, 7, 15) | second << 10 | from << 5 | first);
    }

    /** To be followed by {@link #storeIfUntouched}. */
    void loadExclusively(int to, int from) {
        word("ldaxr w" + to + ", [x" + from + "]", 0x885ffc00 | from << 5 | to);
    }

    /** {@code failed} is 0 where nobody stored there since it was loaded exclusively, and this was stored. */
    void storeIfUntouched(int failed, int value, int to) {
        word("stlxr w" + failed + ", w" + value + ", [x" + to + "]", 0x8800fc00 | failed << 16 | to << 5 | value);
    }

    private static String place(int register, int offset) {
        return offset == 0 ? "[x" + register + "]" : "[x" + register + ", #" + offset + "]";
    }

    private static String hex(int value) {
        return "#0x" + Integer.toHexString(value);
    }
}
