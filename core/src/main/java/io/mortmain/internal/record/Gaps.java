package io.mortmain.internal.record;

import java.util.ArrayList;
import java.util.List;

/** The bytes between fields and after the last. They are zero, so that equal values are equal bytes. */
final class Gaps {
    private Gaps() {}

    record Gap(long offset, long size) {}

    /** Of a record or group of this size; not those within its fields. */
    static List<Gap> between(List<Field> fields, long size) {
        List<Gap> gaps = new ArrayList<>();
        long end = 0;
        for (Field field : fields) {
            add(end, field.offset(), gaps);
            end = field.offset() + field.size();
        }
        add(end, size, gaps);
        return gaps;
    }

    private static void add(long from, long to, List<Gap> gaps) {
        if (from < to) {
            gaps.add(new Gap(from, to - from));
        }
    }

    /** With those within the fields. */
    static void clear(List<Field> fields, long at, long size, long[] words) {
        between(fields, size).forEach(gap -> Scalars.zero(gap.offset(), gap.size(), words, at));
        for (Field field : fields) {
            if (field instanceof Field.Group group) {
                clear(group.fields(), at + group.offset(), group.size(), words);
            } else if (field instanceof Field.Groups groups) {
                for (int i = 0; i < groups.count(); i++) {
                    clear(groups.fields(), at + groups.offset() + i * groups.stride(), groups.stride(), words);
                }
            }
        }
    }
}
