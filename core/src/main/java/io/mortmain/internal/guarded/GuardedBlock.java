package io.mortmain.internal.guarded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.journal.Journal;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.record.Schema;
import io.mortmain.internal.words.SharedBytes;
import java.util.Arrays;

/**
 * The bytes of a guarded object as one process uses them: one record or an array of them, its journal, and its description. What stands
 * before {@link GuardedBlockLayout#SEQUENCE} never changes and is checked once; the rest is read and written under the object's mutex.
 *
 * <p>Invariants, while nobody holds the mutex and nobody died holding it:
 * <ol>
 *   <li>The journal is empty.
 *   <li>The data are those of the last transaction that was committed.
 *   <li>The sequence is odd only if somebody has gone to sleep for a change since it was changed last.
 * </ol>
 */
public final class GuardedBlock {
    private static final int WAITED_FOR = 1;

    private final SharedBytes bytes;
    private final Schema schema;
    private final long elements;
    private final long data;
    private final int stripes;
    private final Journal journal;

    private GuardedBlock(SharedBytes bytes, Schema schema, Header header, Journal journal) {
        this.bytes = bytes;
        this.schema = schema;
        this.elements = header.elements();
        this.data = header.data();
        this.stripes = header.stripes();
        this.journal = journal;
    }

    /**
     * What a new one is to be.
     *
     * @param schema of each of its records
     * @param elements how many records
     * @param journalCapacity words that one transaction can change
     * @param stripes mutexes among which the records are divided; 0: there is none but that of the object
     */
    public record Shape(Schema schema, long elements, int journalCapacity, int stripes) {
        /** With no mutex but that of the object. */
        public Shape(Schema schema, long elements, int journalCapacity) {
            this(schema, elements, journalCapacity, 0);
        }

        /** Bytes that it takes. */
        public long size() {
            return data() + elements * schema.size();
        }

        private long data() {
            return GuardedBlockLayout.data(journalCapacity, text().length);
        }

        private byte[] text() {
            return schema.text().getBytes(UTF_8);
        }
    }

    /** Writes a new one into bytes that are zero and that nobody else sees; each record gets these words, if any. */
    public static void initialise(SharedBytes bytes, Shape shape, long[] first) {
        byte[] text = shape.text();
        bytes.putLong(GuardedBlockLayout.SCHEMA_HASH, shape.schema().hash());
        bytes.putLong(GuardedBlockLayout.ELEMENT_SIZE, shape.schema().size());
        bytes.putLong(GuardedBlockLayout.ELEMENTS, shape.elements());
        bytes.putLong(GuardedBlockLayout.JOURNAL_CAPACITY, shape.journalCapacity());
        bytes.putLong(GuardedBlockLayout.SCHEMA_SIZE, text.length);
        bytes.putLong(GuardedBlockLayout.DATA, shape.data());
        bytes.putIntRelease(GuardedBlockLayout.STRIPES, shape.stripes());
        putText(bytes, GuardedBlockLayout.schema(shape.journalCapacity()), text);
        for (long element = 0; element < shape.elements() && first.length > 0; element++) {
            for (int word = 0; word < first.length; word++) {
                if (first[word] != 0) {
                    bytes.putLong(
                            shape.data() + element * shape.schema().size() + (long) word * Long.BYTES, first[word]);
                }
            }
        }
    }

    private static void putText(SharedBytes bytes, long at, byte[] text) {
        for (int from = 0; from < text.length; from += Long.BYTES) {
            long word = 0;
            for (int i = 0; i < Math.min(Long.BYTES, text.length - from); i++) {
                word |= (text[from + i] & 0xffL) << (i * Byte.SIZE);
            }
            bytes.putLong(at + from, word);
        }
    }

    /**
     * The one in these bytes.
     *
     * @param size how many bytes
     * @param name how messages name the object
     * @throws RegionException reason {@code DAMAGED} where what it says of itself cannot be
     */
    public static GuardedBlock open(SharedBytes bytes, long size, String name) {
        if (size < GuardedBlockLayout.JOURNAL) {
            throw damaged(name, size + " bytes");
        }
        Header header = Header.read(bytes);
        if (!header.fits(size)) {
            throw damaged(name, header + " in " + size + " bytes");
        }
        Schema schema = parse(text(bytes, header, name), name);
        if (schema.hash() != header.schemaHash() || schema.size() != header.elementSize()) {
            throw damaged(name, "its description is not the one that it was made with");
        }
        Journal journal = new Journal(bytes, 0, (int) header.capacity(), header.data(), size - header.data(), name);
        return new GuardedBlock(bytes, schema, header, journal);
    }

    private static Schema parse(String text, String name) {
        try {
            return Schema.parse(text);
        } catch (RegionException wrong) {
            throw damaged(name, String.valueOf(wrong.getMessage()));
        }
    }

    private static String text(SharedBytes bytes, Header header, String name) {
        byte[] text = new byte[(int) header.schemaSize()];
        long at = GuardedBlockLayout.schema(header.capacity());
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) (bytes.getLong(at + (i & -Long.BYTES)) >>> (i % Long.BYTES * Byte.SIZE));
        }
        String decoded = new String(text, UTF_8);
        if (!Arrays.equals(decoded.getBytes(UTF_8), text)) {
            throw damaged(name, "its description is not UTF-8");
        }
        return decoded;
    }

    private static RegionException damaged(String name, String what) {
        return new RegionException(
                Reason.DAMAGED, name + " is damaged (" + what + "); remove its region and create it anew");
    }

    /** What does not change, as read once. */
    private record Header(
            long schemaHash, long elementSize, long elements, long capacity, long schemaSize, long data, int stripes) {
        static Header read(SharedBytes bytes) {
            return new Header(
                    bytes.getLong(GuardedBlockLayout.SCHEMA_HASH),
                    bytes.getLong(GuardedBlockLayout.ELEMENT_SIZE),
                    bytes.getLong(GuardedBlockLayout.ELEMENTS),
                    bytes.getLong(GuardedBlockLayout.JOURNAL_CAPACITY),
                    bytes.getLong(GuardedBlockLayout.SCHEMA_SIZE),
                    bytes.getLong(GuardedBlockLayout.DATA),
                    bytes.getIntAcquire(GuardedBlockLayout.STRIPES));
        }

        boolean fits(long size) {
            return elementSize > 0
                    && elementSize % Long.BYTES == 0
                    && elementSize <= size
                    && elements > 0
                    && elements <= size / elementSize
                    && capacity > 0
                    && capacity <= Math.min(GuardedBlockLayout.MOST_ENTRIES, size / GuardedBlockLayout.ENTRY_SIZE)
                    && stripes >= 0
                    && stripes <= GuardedBlockLayout.MOST_STRIPES
                    && schemaSize > 0
                    && schemaSize <= Schema.MOST_TEXT
                    && data == GuardedBlockLayout.data(capacity, schemaSize)
                    && data + elements * elementSize == size;
        }
    }

    /** Of each of its records. */
    public Schema schema() {
        return schema;
    }

    public long elements() {
        return elements;
    }

    /** Mutexes among which the records are divided; 0: there is none but that of the object. */
    public int stripes() {
        return stripes;
    }

    public Journal journal() {
        return journal;
    }

    /** What every acquirer of the mutex owes. */
    public Recovery recovery() {
        return new Recovery(bytes, 0, journal);
    }

    /** The bytes, for who writes a transaction. */
    public SharedBytes bytes() {
        return bytes;
    }

    /** Where a record begins in the bytes. */
    public long offsetOf(long element) {
        return data + element * schema.size();
    }

    /** Copies a record; the caller holds the mutex. */
    public void load(long element, long[] words) {
        long at = offsetOf(element);
        for (int i = 0; i < words.length; i++) {
            words[i] = bytes.getLong(at + (long) i * Long.BYTES);
        }
    }

    /** Says that the data cannot be relied on, and that no transaction was under way. */
    public void lose() {
        recovery().lose();
    }

    /** Whether the data cannot be relied on: the machine was rebooted since they were written, or who replaced them died. */
    public boolean isLost() {
        return (flags() & GuardedBlockLayout.FLAG_LOST) != 0;
    }

    /** How many words a fill with these, which are a record's, would change. */
    public long wordsOtherThan(long[] words) {
        long others = 0;
        for (long element = 0; element < elements; element++) {
            long at = offsetOf(element);
            for (int i = 0; i < words.length; i++) {
                others += bytes.getLong(at + (long) i * Long.BYTES) == words[i] ? 0 : 1;
            }
        }
        return others;
    }

    /**
     * Gives every record these words, where they are too many for the journal. Whoever dies over it leaves the data lost, so that nobody sees
     * a mixture.
     */
    public void fill(long[] words) {
        lose(); // its fence keeps the words behind the flag
        for (long element = 0; element < elements; element++) {
            long at = offsetOf(element);
            for (int i = 0; i < words.length; i++) {
                bytes.putLong(at + (long) i * Long.BYTES, words[i]);
            }
        }
        find();
    }

    /** All of the data were written anew. */
    public void find() {
        setFlags(flags() & ~GuardedBlockLayout.FLAG_LOST);
    }

    private int flags() {
        return bytes.getIntAcquire(GuardedBlockLayout.FLAGS);
    }

    private void setFlags(int flags) {
        bytes.putIntRelease(GuardedBlockLayout.FLAGS, flags);
    }

    /** Whether somebody may sleep until the data change. */
    public boolean isWaitedFor() {
        return (bytes.getIntAcquire(GuardedBlockLayout.SEQUENCE) & WAITED_FOR) != 0;
    }

    /** Announces one who is about to release the mutex and sleep until the data change; what the sequence is then. */
    public int announceSleeper() {
        int sequence = bytes.getIntAcquire(GuardedBlockLayout.SEQUENCE);
        if ((sequence & WAITED_FOR) == 0) {
            sequence |= WAITED_FOR;
            bytes.putIntRelease(GuardedBlockLayout.SEQUENCE, sequence);
        }
        return sequence;
    }

    /** After a change: whether somebody sleeps, whom the caller wakes when it has released the mutex. Each has to announce himself again. */
    public boolean dismissSleepers() {
        int sequence = bytes.getIntAcquire(GuardedBlockLayout.SEQUENCE);
        if ((sequence & WAITED_FOR) == 0) {
            return false;
        }
        bytes.putIntRelease(GuardedBlockLayout.SEQUENCE, sequence + WAITED_FOR);
        return true;
    }
}
