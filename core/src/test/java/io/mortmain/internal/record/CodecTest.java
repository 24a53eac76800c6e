package io.mortmain.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mortmain.Length;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.testing.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Records into words and out of them. */
class CodecTest {
    private record Hidden(int number, @Length(4) String text) {
        private record Inner(long a) {}
    }

    private record Varargs(@Length(2) int... numbers) {}

    record Positive(long number) {
        Positive {
            if (number <= 0) {
                throw new ArithmeticException("not positive");
            }
        }
    }

    record Moody(long number) {
        @Override
        public long number() {
            throw new ArithmeticException("not today");
        }
    }

    record Checked(long number) {
        Checked {
            throw CheckedThrower.asUnchecked(new IOException("checked"));
        }
    }

    private static final class CheckedThrower {
        @SuppressWarnings("unchecked")
        static <X extends Throwable> X asUnchecked(Throwable thrown) throws X {
            throw (X) thrown;
        }
    }

    record Note(@Length(6) String text, byte after) {}

    record Flags(boolean flag, @Length(3) boolean[] flags) {}

    @Test
    void shouldGiveBackWhatWasPutIn() {
        assertRoundTrip(Records.Mixed.class, Records.mixed());
        assertRoundTrip(Records.Bank.class, Records.bank());
        assertRoundTrip(
                Records.Arrays.class,
                new Records.Arrays(
                        new boolean[] {true, false},
                        new byte[] {Byte.MIN_VALUE, 0, Byte.MAX_VALUE},
                        new short[] {Short.MIN_VALUE, Short.MAX_VALUE},
                        new char[] {0, '\uffff'},
                        new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE},
                        new long[] {Long.MIN_VALUE, Long.MAX_VALUE},
                        new float[] {-0.0f, Float.MIN_VALUE},
                        new double[] {Double.MIN_VALUE, Double.NEGATIVE_INFINITY}));
        assertRoundTrip(Hidden.class, new Hidden(-7, "ab"));
        assertRoundTrip(Hidden.Inner.class, new Hidden.Inner(Long.MIN_VALUE));
        assertRoundTrip(Varargs.class, new Varargs(1, 2));
    }

    /** Also that paddings, and what is behind a string, are zero, whatever was there before: equal values are equal bytes. */
    private static <T extends Record> void assertRoundTrip(Class<T> type, T value) {
        Codec<T> codec = Codec.of(type);
        long[] zeros = words(codec);
        codec.encode(value, zeros);
        long[] ones = ones(codec);
        codec.encode(value, ones);
        assertThat(ones).isEqualTo(zeros);
        T decoded = codec.decode(zeros);
        assertThat(decoded).isNotSameAs(value).usingRecursiveComparison().isEqualTo(value);
        assertThat(decoded).isExactlyInstanceOf(type);
        assertThat(codec).isSameAs(Codec.of(type));
    }

    /** Where C expects them. */
    @Test
    void shouldPutValuesWhereTheSchemaSays() {
        long[] words = words(Codec.of(Records.Bank.class));
        Codec.of(Records.Bank.class).encode(Records.bank(), words);
        MemorySegment memory = MemorySegment.ofArray(words);
        assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(-1);
        assertThat(memory.get(ValueLayout.JAVA_INT, 8)).isEqualTo(5);
        assertThat(memory.getString(12)).isEqualTo("Alice");
        assertThat(memory.get(ValueLayout.JAVA_LONG, 32 + 24 * 4)).isEqualTo(4);
        assertThat(memory.get(ValueLayout.JAVA_INT, 32 + 24 * 4 + 8 + 4)).isEqualTo(-4);
        assertThat(memory.get(ValueLayout.JAVA_BYTE, 152)).isEqualTo((byte) 3);
        assertThat(memory.get(ValueLayout.JAVA_SHORT, 154)).isEqualTo((short) 3000);
        assertThat(memory.get(ValueLayout.JAVA_BYTE, 156)).isEqualTo((byte) 1);
    }

    @Test
    void shouldTakeStringsUpToTheirBytes() {
        assertRoundTrip(Note.class, new Note("", (byte) 1));
        assertRoundTrip(Note.class, new Note("ääö", (byte) 1));
        assertRoundTrip(Note.class, new Note("😀é", (byte) 1));
        assertRoundTrip(Note.class, new Note("a\0b", (byte) 1));
        assertRefused(
                () -> encode(new Note("äääx", (byte) 1)), "Note.text cannot have 7 bytes of UTF-8; give at most 6");
        assertRefused(() -> encode(new Note("\ud83d", (byte) 1)), "half a surrogate pair");
        assertRefused(() -> encode(new Note("\ude00x", (byte) 1)), "half a surrogate pair");
    }

    @Test
    void shouldRefuseNullAndOtherLengths() {
        Records.Bank bank = Records.bank();
        Records.Order[] orders = bank.orders().clone();
        orders[1] = null;
        assertRefused(() -> encode(new Note(null, (byte) 1)), "Note.text cannot be null: ");
        assertRefused(() -> encode(new Records.Bank(1, "", orders, bank.last(), true)), "Bank.orders cannot be null: ");
        assertRefused(() -> encode(new Records.Bank(1, "", bank.orders(), null, true)), "Bank.last cannot be null: ");
        assertRefused(() -> encode(new Records.Bank(1, "", null, bank.last(), true)), "Bank.orders cannot be null: ");
        assertRefused(
                () -> encode(new Records.Bank(1, "", new Records.Order[4], bank.last(), true)),
                "Bank.orders cannot have 4 elements; give exactly 5");
        assertRefused(() -> encode(new Varargs(1, 2, 3)), "Varargs.numbers cannot have 3 elements; give exactly 2");
        assertRefused(() -> encode(new Flags(true, new boolean[2])), "Flags.flags cannot have 2 elements");
        Codec<Note> codec = Codec.of(Note.class);
        assertRefused(() -> codec.encode(null, words(codec)), "Note cannot be null: ");
    }

    @Test
    void shouldLetThroughWhatTheRecordThrows() {
        assertThatThrownBy(() -> Codec.of(Positive.class).decode(words(Codec.of(Positive.class))))
                .isExactlyInstanceOf(ArithmeticException.class)
                .hasMessage("not positive");
        assertThatThrownBy(() -> encode(new Moody(1))).isExactlyInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Codec.of(Checked.class).decode(words(Codec.of(Checked.class))))
                .isExactlyInstanceOf(IOException.class);
    }

    @Test
    void shouldNotBelieveWhatIsInTheMemory() {
        Codec<Note> codec = Codec.of(Note.class);
        long[] words = words(codec);
        MemorySegment memory = MemorySegment.ofArray(words);
        for (int length : new int[] {7, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            memory.set(ValueLayout.JAVA_INT, 0, length);
            assertThat(damaged(() -> codec.decode(words)))
                    .contains("Note.text says that it has " + length + " bytes, and has room for 6; some");
        }
        memory.set(ValueLayout.JAVA_INT, 0, 2);
        memory.set(ValueLayout.JAVA_BYTE, 4, (byte) 0xc3);
        assertThat(damaged(() -> codec.decode(words))).contains("Note.text is not UTF-8; some program wrote");
        long[] flags = {0x80808080_80808080L};
        assertThat(Codec.of(Flags.class).decode(flags))
                .usingRecursiveComparison()
                .isEqualTo(new Flags(true, new boolean[] {true, true, true}));
    }

    @Test
    void shouldDecodeAnyBytes() {
        long seed = Seed.of("any bytes");
        Random random = new Random(seed);
        Codec<Records.Mixed> codec = Codec.of(Records.Mixed.class);
        long[] again = words(codec);
        int decoded = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[(int) codec.schema().size()];
            random.nextBytes(bytes);
            long[] words = words(codec);
            MemorySegment memory = MemorySegment.ofArray(words).copyFrom(MemorySegment.ofArray(bytes));
            memory.set(ValueLayout.JAVA_INT, textOffset(codec), random.nextInt(-1, 15));
            try {
                codec.encode(codec.decode(words), again);
                decoded++;
            } catch (RegionException damaged) {
                assertThat(damaged.reason()).isEqualTo(Reason.DAMAGED);
            }
        }
        assertThat(decoded).isBetween(1, 9_999);
    }

    private static long textOffset(Codec<?> codec) {
        return codec.schema().fields().stream()
                .filter(Field.Text.class::isInstance)
                .findFirst()
                .orElseThrow()
                .offset();
    }

    /** Has classes of the test as if they were those of a program on the class path. */
    private static final class OtherLoader extends ClassLoader {
        OtherLoader() {
            super(CodecTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(CodecTest.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream bytes = CodecTest.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
                byte[] all = bytes.readAllBytes();
                return defineClass(name, all, 0, all.length);
            } catch (IOException failed) {
                throw new ClassNotFoundException(name, failed);
            }
        }
    }

    /** As with a program that is no module: its records are private to it all the same. */
    @Test
    void shouldTakeRecordsOfTheUnnamedModule() throws Exception {
        Class<?> type = new OtherLoader().loadClass(CodecTest.class.getName() + "$Hidden");
        assertThat(type.getModule().isNamed()).isFalse();
        Codec<?> codec = Codec.of(type.asSubclass(Record.class));
        long[] words = words(codec);
        words[0] = 42;
        Object decoded = codec.decode(words);
        assertThat(decoded).isInstanceOf(type).hasToString("Hidden[number=42, text=]");
    }

    @Test
    void shouldSayHowAModuleOpensItsRecords() throws ClassNotFoundException {
        Class<?> closed = Class.forName("jdk.internal.foreign.Utils$BaseAndScale");
        assertRefused(
                () -> Codec.of(closed.asSubclass(Record.class)),
                "its module java.base does not open it; add `opens jdk.internal.foreign to io.mortmain;`");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Record> void encode(T value) {
        Codec<T> codec = Codec.of((Class<T>) value.getClass());
        codec.encode(value, words(codec));
    }

    private static long[] words(Codec<?> codec) {
        return new long[(int) (codec.schema().size() / Long.BYTES)];
    }

    private static long[] ones(Codec<?> codec) {
        long[] ones = words(codec);
        Arrays.fill(ones, -1);
        return ones;
    }

    private static void assertRefused(ThrowingCallable act, String... parts) {
        assertThat(message(Reason.INVALID_ARGUMENT, act)).contains(parts);
    }

    private static String damaged(ThrowingCallable act) {
        return message(Reason.DAMAGED, act);
    }

    private static String message(Reason reason, ThrowingCallable act) {
        RegionException refused = catchThrowableOfType(RegionException.class, act);
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(reason);
        return refused.getMessage();
    }
}
