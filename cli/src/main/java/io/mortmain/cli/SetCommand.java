package io.mortmain.cli;

import io.mortmain.Region;
import io.mortmain.RegionSnapshot.Kind;
import io.mortmain.SharedLong;
import io.mortmain.cli.DataOptions.TimeOverException;
import io.mortmain.errors.DataLostException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mortmain set}. */
@Command(
        name = "set",
        sortOptions = false,
        description = {
            "Changes fields of guarded data in one transaction, or a counter.",
            "",
            "The lock is taken for it, and what a dead writer left half done is rolled back before. All of the fields are changed or, where"
                    + " one is refused, none; the same if mortmain is killed. Nothing is printed.",
            "",
            "Integers are decimal or, after 0x, hexadecimal; booleans are true or false; a string is what stands behind the =, in UTF-8. A value"
                    + " that its type has not, or a string that is too long, is refused. [*] stands for each element of an array, and one of them"
                    + " may follow with a value of its own; otherwise a field is given once.",
            "",
            "Where a value is given for every field, it does not matter what there was: so data that were lost, in a reboot for example, are set"
                    + " anew, and usable again. Of an array, NAME/OBJECT[*] sets each record to the values; killed meanwhile, one that is larger than a"
                    + " transaction is lost.",
            "",
            "Examples; quote from the shell what it would change, such as spaces and brackets:",
            "  mortmain set bank/accounts alice=5 bob=0x10",
            "  mortmain set bank/accounts 'name=the old bank' 'counts[3]=7'",
            "  mortmain set 'bank/orders[3]' price=20 --if price=10",
            "  mortmain set bank/accounts alice=0 bob=0 name= 'counts[*]=0'",
            "  mortmain set 'bank/orders[*]' price=0 of=",
            "  mortmain set bank/hits 0",
            ""
        },
        footer = {
            "",
            "Exit codes:",
            "  0  changed, or it had these values",
            "  1  the region cannot be used, the data are lost, because the machine was rebooted or who replaced",
            "     all of them died, and not every field was given, or the object has no value",
            "  2  wrong usage, or a value that cannot be there; nothing was changed",
            "  3  a field has not the value of --if; nothing was changed",
            "  4  there is no such region, object, element or field; nothing was changed",
            "  5  the time was over; nothing was changed",
            "  6  the lock is not recoverable: another program gave it up; see mortmain reset"
        })
final class SetCommand implements Callable<Integer> {
    static final int IS_NOT = 3;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "NAME/OBJECT",
            description =
                    "A region in /dev/shm, or its path; after the last slash the object: a guarded record, an element of an array, or a"
                            + " counter.")
    private String name;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FIELD=VALUE",
            description = "What to change; of a counter its VALUE.")
    private List<String> assignments = List.of();

    @Option(
            names = "--if",
            paramLabel = "FIELD=VALUE",
            description =
                    "Only if the field has that value now; of a counter, VALUE. Of several, all must. Not with [*].")
    private List<String> conditions = List.of();

    @Mixin
    private DataOptions options = new DataOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws Exception {
        ObjectName object = ObjectName.find(name);
        return options.run(name, () -> {
            try {
                if (object.object().kind() == Kind.COUNTER) {
                    setCounter(object);
                } else {
                    setFields(new GuardedData(object, options.foreign));
                }
                return Main.OK;
            } catch (IsNotException other) {
                return Main.refused(spec.commandLine(), IS_NOT, other.getMessage());
            }
        });
    }

    private void setCounter(ObjectName object) {
        if (!object.path().isEmpty()) {
            throw new NotFoundException("There is no " + object.path() + ": a counter has no parts");
        }
        if (assignments.size() != 1 || conditions.size() > 1) {
            throw new ParameterException(spec.commandLine(), "A counter has one value; give one.");
        }
        long value = number(object, assignments.getFirst());
        try (Region region = object.open(options.foreign)) {
            SharedLong counter = region.counter(object.object().name());
            if (conditions.isEmpty()) {
                counter.set(value);
            } else if (!counter.compareAndSet(number(object, conditions.getFirst()), value)) {
                throw new IsNotException(name + " is not " + conditions.getFirst() + "; nothing was changed");
            }
        }
    }

    private static long number(ObjectName object, String text) {
        return (Long) GivenValue.of(object.object().name(), 0L, text);
    }

    private void setFields(GuardedData data) throws InterruptedException {
        List<Given> expected =
                conditions.stream().map(given -> given(data, given)).toList();
        List<Given> wanted =
                assignments.stream().map(given -> given(data, given)).toList();
        requireEachOnce(wanted);
        boolean done = data.isEach() ? setEach(data, expected, wanted) : setOne(data, expected, wanted);
        if (!done) {
            throw new TimeOverException();
        }
    }

    /** By what was written: an element may have a value of its own behind one for each. */
    private void requireEachOnce(List<Given> wanted) {
        Set<String> fields = new HashSet<>();
        for (Given given : wanted) {
            if (!fields.add(given.field())) {
                throw new ParameterException(
                        spec.commandLine(), Printable.value(given.field()) + " is given twice; give one value.");
            }
        }
    }

    private boolean setOne(GuardedData data, List<Given> expected, List<Given> wanted) throws InterruptedException {
        try {
            return data.update(
                    record -> {
                        expected.forEach(given -> given.require(record));
                        wanted.forEach(given -> given.put(record));
                        return record;
                    },
                    options.timeout());
        } catch (DataLostException lost) {
            if (!expected.isEmpty()) {
                throw new DataLostException(lost.getMessage() + ", without --if");
            }
            return data.replace(
                    zeroes -> anew(
                            zeroes,
                            wanted,
                            missing -> new DataLostException(
                                    lost.getMessage() + ", by a value for every field: " + missing + " has none")),
                    options.timeout());
        }
    }

    private boolean setEach(GuardedData data, List<Given> expected, List<Given> wanted) throws InterruptedException {
        if (!expected.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--if is for one record, and [*] means each.");
        }
        return data.replace(
                zeroes -> anew(
                        zeroes,
                        wanted,
                        missing -> new ParameterException(
                                spec.commandLine(),
                                "[*] sets all records anew, so every field needs a value, and " + missing
                                        + " has none.")),
                options.timeout());
    }

    /** A record that owes nothing to the one before. */
    private static Map<String, Object> anew(
            Map<String, Object> zeroes, List<Given> wanted, Function<String, RuntimeException> refusal) {
        Set<String> missing = DataPath.values(zeroes);
        wanted.forEach(given -> missing.removeAll(given.put(zeroes)));
        missing.stream().findFirst().map(refusal).ifPresent(refused -> {
            throw refused;
        });
        return zeroes;
    }

    private Given given(GuardedData data, String given) {
        int equals = given.indexOf('=');
        if (equals <= 0) {
            throw new ParameterException(
                    spec.commandLine(), Printable.value(given) + " is not FIELD=VALUE, such as alice=5.");
        }
        String field = NameOnCommandLine.requireDecoded("field", given.substring(0, equals));
        String separator = data.path().isEmpty() || field.startsWith("[") ? "" : ".";
        return new Given(data.path() + separator + field, given.substring(equals + 1));
    }

    /** A field and what was given for it. */
    private record Given(String field, String text) {
        /** Where it was put. */
        Set<String> put(Map<String, Object> record) {
            Map<String, DataPath> places = DataPath.findAll(record, field);
            places.forEach((path, place) -> place.set(GivenValue.of(path, place.value(), text)));
            return places.keySet();
        }

        void require(Map<String, Object> record) {
            DataPath.findAll(record, field).forEach((path, place) -> require(path, place.value()));
        }

        private void require(String path, Object present) {
            if (!GivenValue.isSame(present, GivenValue.of(path, present, text))) {
                throw new IsNotException(path + " is " + Printable.value(present.toString()) + " and not "
                        + Printable.value(text) + "; nothing was changed");
            }
        }
    }

    /** A field has not the value that was a condition. */
    private static final class IsNotException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        IsNotException(String message) {
            super(message);
        }
    }
}
