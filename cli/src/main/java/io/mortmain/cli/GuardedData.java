package io.mortmain.cli;

import io.mortmain.GuardedSnapshot;
import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.RegionSnapshot.Kind;
import io.mortmain.errors.RegionException;
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
    private static final Pattern ELEMENT = Pattern.compile("\\[([0-9]{1,9})](?:\\.(.+))?", Pattern.DOTALL);

    private final ObjectName name;
    private final RegionOptions options;
    private final OptionalInt element;
    private final String path;

    /** @param foreign whether the region may belong to another user */
    GuardedData(ObjectName name, boolean foreign) {
        this.name = name;
        this.options = foreign ? RegionOptions.DEFAULT.withForeignOwner() : RegionOptions.DEFAULT;
        requireGuarded();
        Matcher indexed = ELEMENT.matcher(name.path());
        boolean isElement = indexed.matches();
        this.element = isElement ? OptionalInt.of(Integer.parseInt(indexed.group(1))) : OptionalInt.empty();
        this.path = isElement ? Objects.requireNonNullElse(indexed.group(2), "") : withoutDot(name.path());
        requireElement(name.object().guarded().map(GuardedSnapshot::elements).orElse(1L));
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

    private void requireElement(long elements) {
        if (elements > 1 && element.isEmpty()) {
            throw new NotFoundException("object " + name.object().name() + " of region " + name.region() + " has "
                    + elements + " records; name one, " + name.object().name() + "[0] to "
                    + name.object().name() + "["
                    + (elements - 1) + "]");
        }
        if (element.isPresent() && element.getAsInt() >= Math.max(1, elements)) {
            throw new NotFoundException("There is no record [" + element.getAsInt() + "] in object "
                    + name.object().name() + " of region " + name.region() + "; it has [0] to ["
                    + (Math.max(1, elements) - 1) + "]");
        }
    }

    /** From the record to the part that was named, without a dot before it; empty for all of it. */
    String path() {
        return path;
    }

    /** The record, or empty when the time was over. */
    Optional<Map<String, Object>> get(Duration timeout) throws InterruptedException {
        try (Region region = open()) {
            String object = name.object().name();
            return element.isPresent()
                    ? region.guardedArray(object).get(element.getAsInt(), timeout)
                    : region.guarded(object).get(timeout);
        }
    }

    /**
     * Changes the record in one transaction.
     *
     * @param change gets a copy that it may change and return
     * @return false when the time was over
     */
    boolean update(UnaryOperator<Map<String, Object>> change, Duration timeout) throws InterruptedException {
        try (Region region = open()) {
            String object = name.object().name();
            return element.isPresent()
                    ? region.guardedArray(object)
                            .update(element.getAsInt(), change, timeout)
                            .isPresent()
                    : region.guarded(object).update(change, timeout);
        }
    }

    private Region open() {
        try {
            return Region.open(name.region(), options);
        } catch (RegionException refusal) {
            throw ForeignRegion.explain(name.region(), refusal);
        }
    }
}
