package io.mortmain.cli;

import io.mortmain.Region;
import io.mortmain.RegionSnapshot.Kind;
import io.mortmain.SharedLong;
import io.mortmain.cli.DataOptions.TimeOverException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
                    + " that its type has not, or a string that is too long, is refused.",
            "",
            "Examples; quote from the shell what it would change, such as spaces and brackets:",
            "  mortmain set bank/accounts alice=5 bob=0x10",
            "  mortmain set bank/accounts 'name=the old bank' 'counts[3]=7'",
            "  mortmain set 'bank/orders[3]' price=20 --if price=10",
            "  mortmain set bank/hits 0",
            ""
        },
        footer = {
            "",
            "Exit codes:",
            "  0  changed, or it had these values",
            "  1  the region cannot be used, the data are lost, because the machine was rebooted or who replaced",
            "     all of them died, or the object has no value",
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
            description = "Only if the field has that value now; of a counter, VALUE. Of several, all must.")
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
                Main.say(spec.commandLine(), other.getMessage());
                return IS_NOT;
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
        boolean done = data.update(
                record -> {
                    expected.forEach(given -> given.require(record));
                    wanted.forEach(given -> given.put(record));
                    return record;
                },
                options.timeout());
        if (!done) {
            throw new TimeOverException();
        }
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
        void put(Map<String, Object> record) {
            DataPath place = DataPath.find(record, field);
            place.set(GivenValue.of(field, place.value(), text));
        }

        void require(Map<String, Object> record) {
            Object present = DataPath.find(record, field).value();
            if (!GivenValue.isSame(present, GivenValue.of(field, present, text))) {
                throw new IsNotException(field + " is " + Printable.value(present.toString()) + " and not "
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
