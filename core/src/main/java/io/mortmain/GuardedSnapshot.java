package io.mortmain;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.record.Codec;
import io.mortmain.internal.record.Field;
import io.mortmain.internal.record.Schema;
import io.mortmain.internal.region.ObjectDirectory.Entry;
import io.mortmain.internal.region.RegionReader;
import io.mortmain.internal.words.SharedBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A guarded object as it stood in the file, read without its mutex: the values may be of different moments, and half of a transaction, if
 * somebody held the mutex or {@code journalUsed} is not 0; {@link Guarded#get} waits for the mutex.
 *
 * @param schema what a record consists of, a line for each field: offset in bytes, type, name; empty where it cannot be read
 * @param elements how many records it has: 1, or the length of an array
 * @param elementSize bytes of each
 * @param journalCapacity words of 8 bytes that one transaction can change
 * @param journalUsed words of a transaction that is under way, or whose writer died: the next to lock rolls back so many; as found, so in a
 *     damaged region any number
 * @param lost whether the data are lost, because the machine was rebooted or who replaced all of them died, see
 *     {@link io.mortmain.errors.DataLostException}
 * @param waiters whether somebody may wait for a change
 * @param values of the first records, by field, as {@link Region#guarded(String)} gives them: at most 10, and fewer where they are large
 * @param problem why it is not shown, or not all of what else is; empty if nothing is missing but records of a long array
 */
public record GuardedSnapshot(
        String schema,
        long elements,
        long elementSize,
        int journalCapacity,
        int journalUsed,
        boolean lost,
        boolean waiters,
        List<Map<String, Object>> values,
        Optional<String> problem) {

    private static final int MOST_ELEMENTS = 10;
    private static final GuardedSnapshot NOTHING =
            new GuardedSnapshot("", 0, 0, 0, 0, false, false, List.of(), Optional.empty());

    /** A copy of the values. */
    public GuardedSnapshot {
        values = List.copyOf(values);
    }

    /**
     * What may be decoded of all the objects of a region: maps and boxes are many times larger than what they are made from, which
     * somebody else may have written.
     */
    static final class Allowance {
        private static final int MOST = 1 << 17;

        private long left = MOST;

        private void take(long values) {
            if (values > left) {
                throw new RegionException(
                        RegionException.Reason.LIMIT_REACHED,
                        "too much to be shown with the rest: no more than " + MOST
                                + " values of a region are; use the object, which reads it");
            }
            left -= values;
        }
    }

    static GuardedSnapshot of(RegionReader region, Entry entry, String name, Allowance allowance) {
        SharedBytes bytes = region.bytesOf(entry);
        GuardedSnapshot found = NOTHING;
        List<Map<String, Object>> values = new ArrayList<>();
        try {
            GuardedBlock block = GuardedBlock.open(bytes, entry.size(), name);
            found = new GuardedSnapshot(
                    block.schema().text(),
                    block.elements(),
                    block.schema().size(),
                    block.journal().capacity(),
                    bytes.getIntAcquire(GuardedBlockLayout.JOURNAL_USED),
                    block.isLost(),
                    block.isWaitedFor(),
                    List.of(),
                    Optional.empty());
            decode(block, values, allowance);
            return found.with(values, Optional.empty());
        } catch (RegionException unreadable) {
            return found.with(values, Optional.of(String.valueOf(unreadable.getMessage())));
        }
    }

    private static void decode(GuardedBlock block, List<Map<String, Object>> values, Allowance allowance) {
        Schema schema = block.schema();
        Codec<Map<String, Object>> codec = Codec.ofFields(schema);
        long boxes = boxes(schema.fields());
        for (int element = 0; element < Math.min(MOST_ELEMENTS, block.elements()); element++) {
            allowance.take(boxes);
            long[] words = new long[(int) (schema.size() / Long.BYTES)];
            block.load(element, words);
            values.add(codec.decode(words));
        }
    }

    private static long boxes(List<Field> fields) {
        long boxes = 1;
        for (Field field : fields) {
            boxes += switch (field) {
                case Field.Scalar _, Field.Text _ -> 1;
                case Field.Scalars array -> array.count();
                case Field.Group group -> boxes(group.fields());
                case Field.Groups groups -> groups.count() * boxes(groups.fields());
            };
        }
        return boxes;
    }

    private GuardedSnapshot with(List<Map<String, Object>> decoded, Optional<String> missing) {
        return new GuardedSnapshot(
                schema, elements, elementSize, journalCapacity, journalUsed, lost, waiters, decoded, missing);
    }
}
