package io.mortmain.internal.fork;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Machine code as it grows, with the text of each instruction as objdump(1) prints it. Jumps may lead to labels that are bound later. */
abstract class Assembler {
    private static final int NOT_BOUND = -1;

    private final List<Instruction> instructions = new ArrayList<>();
    private byte[] code = new byte[0];

    /** A place in the code. */
    static final class Label {
        private int at = NOT_BOUND;

        /** Its distance from the beginning, in bytes. */
        int at() {
            if (at == NOT_BOUND) {
                throw new IllegalStateException("a label that leads nowhere");
            }
            return at;
        }
    }

    private record Instruction(
            int at, String text, @Nullable Label target) {
        String line(byte[] code, int end) {
            StringBuilder bytes = new StringBuilder();
            for (int i = at; i < end; i++) {
                bytes.append(String.format(Locale.ROOT, "%02x ", code[i]));
            }
            String shown = target == null ? text : text + "0x" + Integer.toHexString(target.at());
            return String.format(Locale.ROOT, "%3x: %-30s %s", at, bytes, shown).stripTrailing();
        }
    }

    /** From here on. */
    final void bind(Label label) {
        label.at = here();
    }

    final int here() {
        return code.length;
    }

    final void emit(String text, int... bytes) {
        add(text, null, bytes);
    }

    /** An instruction that leads to the label, whose address is put after the text. */
    final void emitJump(String text, Label target, int... bytes) {
        add(text, target, bytes);
    }

    private void add(String text, @Nullable Label target, int... bytes) {
        instructions.add(new Instruction(here(), text, target));
        int end = code.length;
        code = Arrays.copyOf(code, end + bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            code[end + i] = (byte) bytes[i];
        }
    }

    /** The bytes, with all jumps leading where they should. */
    final byte[] bytes() {
        byte[] patched = code.clone();
        for (int i = 0; i < instructions.size(); i++) {
            Instruction jump = instructions.get(i);
            if (jump.target != null) {
                patch(patched, jump.at, endOf(i), jump.target.at());
            }
        }
        return patched;
    }

    /** Puts the distance into a jump that stands from {@code at} to {@code end}. */
    abstract void patch(byte[] into, int at, int end, int target);

    /** One line for each instruction: where it stands, its bytes, its text. */
    final List<String> listing() {
        byte[] patched = bytes();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < instructions.size(); i++) {
            lines.add(instructions.get(i).line(patched, endOf(i)));
        }
        return lines;
    }

    private int endOf(int index) {
        return index + 1 < instructions.size() ? instructions.get(index + 1).at : code.length;
    }
}
