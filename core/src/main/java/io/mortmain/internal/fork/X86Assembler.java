package io.mortmain.internal.fork;

import java.util.Locale;

/** The instructions of x86_64 that the fork code has, with 32-bit operands unless the name says 64. */
final class X86Assembler extends Assembler {
    private static final int REX = 0x40;
    private static final int REX_WIDE = 8;
    private static final int REX_REG = 4;
    private static final int REX_BASE = 1;
    private static final int LOW_THREE = 7;
    private static final int MODE_BYTE_OFFSET = 1;
    private static final int MODE_REGISTER = 3;
    private static final int SCALED = 4;

    /** A general register by its number. */
    enum Register {
        EAX("eax", "rax"),
        ECX("ecx", "rcx"),
        EDX("edx", "rdx"),
        EBX("ebx", "rbx"),
        ESP("esp", "rsp"),
        EBP("ebp", "rbp"),
        ESI("esi", "rsi"),
        EDI("edi", "rdi"),
        R8("r8d", "r8"),
        R9("r9d", "r9"),
        R10("r10d", "r10");

        private final String name;
        private final String wide;

        Register(String name, String wide) {
            this.name = name;
            this.wide = wide;
        }

        @SuppressWarnings("EnumOrdinal") // they stand in the order of their numbers
        int number() {
            return ordinal();
        }
    }

    /** When a jump is taken. */
    enum Condition {
        EQUAL("je ", 0x74),
        NOT_EQUAL("jne ", 0x75),
        NEGATIVE("js ", 0x78),
        GREATER("jg ", 0x7f),
        ALWAYS("jmp ", 0xeb);

        private final String name;
        private final int code;

        Condition(String name, int code) {
            this.name = name;
            this.code = code;
        }
    }

    @Override
    void patch(byte[] into, int at, int end, int target) {
        int distance = target - end;
        if (distance != (byte) distance) {
            throw new IllegalStateException("a jump over " + distance + " bytes, which one byte cannot say");
        }
        into[end - 1] = (byte) distance;
    }

    void jump(Condition condition, Label target) {
        emitJump(condition.name, target, condition.code, 0);
    }

    /** Where an indirect call may lead, should that be enforced. */
    void landing() {
        emit("endbr64", 0xf3, 0x0f, 0x1e, 0xfa);
    }

    void systemCall() {
        emit("syscall", 0x0f, 0x05);
    }

    void ret() {
        emit("ret", 0xc3);
    }

    /** All 64 bits of one of the first eight registers. */
    void push(Register register) {
        emit("push " + register.wide, 0x50 + register.number());
    }

    void pop(Register register) {
        emit("pop " + register.wide, 0x58 + register.number());
    }

    void move(Register to, int value) {
        String text = "mov " + to.name + "," + hex(value);
        int operation = 0xb8 + (to.number() & LOW_THREE);
        if (to.number() > LOW_THREE) {
            emit(text, REX + REX_BASE, operation, value, value >> 8, value >> 16, value >> 24);
        } else {
            emit(text, operation, value, value >> 8, value >> 16, value >> 24);
        }
    }

    void move(Register to, Register from) {
        twoRegisters("mov", 0x89, to, from);
    }

    void clear(Register register) {
        twoRegisters("xor", 0x31, register, register);
    }

    void or(Register to, Register from) {
        twoRegisters("or", 0x09, to, from);
    }

    void test(Register register) {
        twoRegisters("test", 0x85, register, register);
    }

    void compare(Register left, Register right) {
        twoRegisters("cmp", 0x39, left, right);
    }

    private void twoRegisters(String name, int operation, Register to, Register from) {
        String text = name + " " + to.name + "," + from.name;
        int registers = modes(MODE_REGISTER, from.number(), to.number());
        int prefix = (from.number() > LOW_THREE ? REX_REG : 0) + (to.number() > LOW_THREE ? REX_BASE : 0);
        if (prefix == 0) {
            emit(text, operation, registers);
        } else {
            emit(text, REX + prefix, operation, registers);
        }
    }

    void andWithEax(int value) {
        emit("and eax," + hex(value), 0x25, value, value >> 8, value >> 16, value >> 24);
    }

    void increment(Register register) {
        emit("inc " + register.name, 0xff, modes(MODE_REGISTER, 0, register.number()));
    }

    void decrement(Register register) {
        emit("dec " + register.name, 0xff, modes(MODE_REGISTER, 1, register.number()));
    }

    /** From the page that rdi leads to. */
    void load(Register to, int offset) {
        emit("mov " + to.name + ",DWORD PTR " + ofPage(offset), 0x8b, pageOperand(to.number()), offset);
    }

    void compareWithPage(Register left, int offset) {
        emit("cmp " + left.name + ",DWORD PTR " + ofPage(offset), 0x3b, pageOperand(left.number()), offset);
    }

    void clearInPage(int offset) {
        emit("and DWORD PTR " + ofPage(offset) + ",0x0", 0x83, pageOperand(4), offset, 0);
    }

    void incrementInPage(int offset) {
        emit("inc DWORD PTR " + ofPage(offset), 0xff, pageOperand(0), offset);
    }

    void decrementInPage(int offset) {
        emit("dec DWORD PTR " + ofPage(offset), 0xff, pageOperand(1), offset);
    }

    void incrementInPageAtomically(int offset) {
        emit("lock inc DWORD PTR " + ofPage(offset), 0xf0, 0xff, pageOperand(0), offset);
    }

    /** Of an array of ints, the one that rbp says. */
    void incrementInPageAtomicallyByEbp(int offset) {
        int scaled = modes(2, Register.EBP.number(), Register.EDI.number());
        emit(
                "lock inc DWORD PTR [rdi+rbp*4+" + hex(offset) + "]",
                0xf0,
                0xff,
                modes(MODE_BYTE_OFFSET, 0, SCALED),
                scaled,
                offset);
    }

    /** Swaps the word at the beginning of the page, if it is what eax has; else eax gets it. */
    void compareAndSetFirstWord(Register to) {
        emit(
                "lock cmpxchg DWORD PTR [rdi]," + to.name,
                0xf0,
                REX + REX_REG,
                0x0f,
                0xb1,
                modes(0, to.number(), Register.EDI.number()));
        if (to.number() <= LOW_THREE) {
            throw new IllegalArgumentException("one of the upper registers");
        }
    }

    void loadFirstWord(Register to) {
        emit("mov " + to.name + ",DWORD PTR [rdi]", 0x8b, modes(0, to.number(), Register.EDI.number()));
    }

    /** The address of a place in the page, into r10, where the fourth argument of a system call stands. */
    void addressInPageToR10(int offset) {
        emit("lea r10," + ofPage(offset), REX + REX_WIDE + REX_REG, 0x8d, pageOperand(Register.R10.number()), offset);
    }

    /** An address at a distance from the beginning of the code. */
    void addressOf(Register to, int target) {
        int distance = target - (here() + 7);
        boolean isUpper = to.number() > LOW_THREE;
        emit(
                "lea " + to.wide + ",[rip+" + hex(distance) + "]",
                REX + REX_WIDE + (isUpper ? REX_REG : 0),
                0x8d,
                modes(0, to.number(), 5),
                distance,
                distance >> 8,
                distance >> 16,
                distance >> 24);
    }

    /** All 64 bits from where r9 leads. */
    void load64FromR9(Register to, int offset) {
        boolean isUpper = to.number() > LOW_THREE;
        int prefix = REX + REX_WIDE + REX_BASE + (isUpper ? REX_REG : 0);
        String place = offset == 0 ? "[r9]" : "[r9+" + hex(offset) + "]";
        if (offset == 0) {
            emit("mov " + to.wide + ",QWORD PTR " + place, prefix, 0x8b, modes(0, to.number(), 1));
        } else {
            emit(
                    "mov " + to.wide + ",QWORD PTR " + place,
                    prefix,
                    0x8b,
                    modes(MODE_BYTE_OFFSET, to.number(), 1),
                    offset);
        }
    }

    void test64(Register register) {
        emit(
                "test " + register.wide + "," + register.wide,
                REX + REX_WIDE,
                0x85,
                modes(MODE_REGISTER, register.number(), register.number()));
    }

    void advanceR9(int bytes) {
        emit("add r9," + hex(bytes), REX + REX_WIDE + REX_BASE, 0x83, modes(MODE_REGISTER, 0, 1), bytes);
    }

    private static int pageOperand(int register) {
        return modes(MODE_BYTE_OFFSET, register, Register.EDI.number());
    }

    private static String ofPage(int offset) {
        return "[rdi+" + hex(offset) + "]";
    }

    private static int modes(int mode, int register, int other) {
        return mode << 6 | (register & LOW_THREE) << 3 | (other & LOW_THREE);
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value).toLowerCase(Locale.ROOT);
    }
}
