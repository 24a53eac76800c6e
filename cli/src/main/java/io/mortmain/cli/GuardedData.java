package io.mortmain.cli;

import io.mortmain.GuardedArray;
import io.mortmain.Region;
import io.mortmain.RegionSnapshot.Kind;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The guarded record that a command is about, or the element of an array, by its description in the region: looked at and changed under its
 * lock. Nothing is created.
 */
final class GuardedData {
    private static final Pattern ELEMENT = Pattern.compile("\\[(-?[0-9]+|\\*)](?:\\.(.+))?", Pattern.DOTALL);

    private final ObjectName name;
    private final boolean foreign;
    private final OptionalInt element;
    private final boolean isEach;
    private final String path;

    /** @param foreign whether the region may belong to another user */
    GuardedData(ObjectName name, boolean foreign) {
        this.name = name;
        this.foreign = foreign;
        requireGuarded();
        Matcher indexed = ELEMENT.matcher(name.path());
        boolean isElement = indexed.matches();
        this.isEach = isElement && indexed.group(1).equals("*");
        this.element = isElement && !isEach ? OptionalInt.of(index(indexed.group(1))) : OptionalInt.empty();
        this.path = isElement ? Objects.requireNonNullElse(indexed.group(2), "") : withoutDot(name.path());
    }

    private int index(String digits) {
        if (!digits.matches("[0-9]{1,9}")) {
            throw new NotFoundException("There is no record [" + digits + "] in object "
                    + name.object().name() + " of region " + name.region() + "; they count from [0]");
        }
        return Integer.parseInt(digits);
    }

    private static String withoutDot(String path) {
        if (path.equals(".")) {
            throw new NotFoundException("There is no field without a name; leave the dot out");
        }
        return path.startsWith(".") ? path.substring(1) : path;
    }

    private void requireGuarded() {
        if (name.object().kind() != Kind.GUARDED) {
            throw new IllegalStateException("object " + name.object().name() + " of region " + name.region()
                    + " is no guarded record or counter, and nothing says what its bytes mean");
        }
    }

    /** Only the opened region knows how many there are: what is shown of a region without it has a limit. */
    private int elementOf(GuardedArray<?> records) {
        String object = name.object().name();
        String where = "object " + object + " of region " + name.region();
        if (records.length() > 1 && element.isEmpty()) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    where + " has " + records.length() + " records; name one, " + object + "[0] to " + object + "["
                            + (records.length() - 1) + "], or each by " + object + "[*]");
        }
        int index = element.orElse(0);
        if (index >= records.length()) {
            throw new NotFoundException("There is no record [" + index + "] in " + where + "; it has [0] to ["
                    + (records.length() - 1) + "]");
        }
        return index;
    }

    /** From the record to the part that was named, without a dot before it; empty for all of it. */
    String path() {
        return path;
    }

    /** Whether each record is meant, by {@code [*]}. */
    boolean isEach() {
        return isEach;
    }

    /**
     * What was named, of one moment: a record, a list of the records of an array, a part of a record, or where {@code [*]} stands for each
     * element a list of what each has there.
     *
     * @return empty when the time was over
     */
    Optional<Object> get(Duration timeout) throws InterruptedException {
        try (Region region = name.open(foreign)) {
            GuardedArray<Map<String, Object>> records = records(region);
            boolean isWhole = records.length() > 1 && name.path().isEmpty();
            return isEach || isWhole
                    ? records.getAll(timeout)
                            .map(all -> all.stream().map(this::partOf).toList())
                    : records.get(elementOf(records), timeout).map(this::partOf);
        }
    }

    private Object partOf(Map<String, Object> record) {
        return path.isEmpty() ? record : DataPath.valueOf(record, path);
    }

    /**
     * Changes the record in one transaction.
     *
     * @param change gets a copy that it may change and return
     * @return false when the time was over
     */
    boolean update(UnaryOperator<Map<String, Object>> change, Duration timeout) throws InterruptedException {
        try (Region region = name.open(foreign)) {
            GuardedArray<Map<String, Object>> records = records(region);
            return records.update(elementOf(records), change, timeout);
        }
    }

    /**
     * Sets all of the data, whatever they were, lost ones too.
     *
     * @param make gets a record of zeroes that it may change and return; it becomes each record
     * @return false when the time was over; nothing was done then
     */
    boolean replace(UnaryOperator<Map<String, Object>> make, Duration timeout) throws InterruptedException {
        try (Region region = name.open(foreign)) {
            GuardedArray<Map<String, Object>> records = records(region);
            if (!isEach) {
                elementOf(records);
                requireOne(records);
            }
            Map<String, Object> record =
                    make.apply(region.zeroRecord(name.object().name()));
            return records.fill(record, timeout);
        }
    }

    private void requireOne(GuardedArray<?> records) {
        if (records.length() > 1) {
            String each = name.object().name() + "[*]";
            throw new IllegalStateException(
                    "all records of " + records + " are lost, because the machine was rebooted or who"
                            + " replaced all of them died; set them anew together, by " + each
                            + " and a value for every field");
        }
    }

    /** A single record too is an array of one: it may have stripes. */
    private GuardedArray<Map<String, Object>> records(Region region) {
        return region.guardedArray(name.object().name());
    }
}
