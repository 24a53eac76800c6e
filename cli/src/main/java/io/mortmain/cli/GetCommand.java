package io.mortmain.cli;

import io.mortmain.Region;
import io.mortmain.RegionSnapshot.Kind;
import io.mortmain.cli.DataOptions.TimeOverException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mortmain get}. */
@Command(
        name = "get",
        sortOptions = false,
        description = {
            "Prints guarded data, or a counter, as it is at one moment.",
            "",
            "The lock is taken for it, and what a dead writer left half done is rolled back before. A value is printed plainly, the elements"
                    + " of an array one on each line, a record as lines of FIELD = VALUE; [*] stands for each element."
                    + " Control characters and backslashes in strings are"
                    + " printed as escapes; --json gives them exactly.",
            "",
            "Examples:",
            "  mortmain get bank/accounts               a record",
            "  mortmain get bank/accounts.alice         one field",
            "  mortmain get bank/orders                 all records of an array",
            "  mortmain get 'bank/orders[3].items[0]'   of one of them; quoted from the shell",
            "  mortmain get 'bank/orders[*].price'      of each of them",
            "  mortmain get /mnt/data/bank/accounts     of a region that is given by its path",
            "  mortmain get bank/hits                   a counter",
            ""
        },
        footer = {
            "",
            "Exit codes:",
            "  0  printed",
            "  1  the region cannot be used, the data are lost, because the machine was rebooted or who replaced",
            "     all of them died, or the object has no value",
            "  2  wrong usage",
            "  4  there is no such region, object, element or field",
            "  5  the time was over",
            "  6  the lock is not recoverable: another program gave it up; see mortmain reset"
        })
final class GetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "NAME/OBJECT[.FIELD]",
            description =
                    "A region in /dev/shm, or its path; after the last slash the object, and the part of it, such as accounts.alice,"
                            + " orders[3], orders[3].price or orders[*].price.")
    private String name;

    @Option(names = "--json", description = "Print one JSON value on one line.")
    private boolean json;

    @Mixin
    private DataOptions options = new DataOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws Exception {
        ObjectName object = ObjectName.find(name);
        return options.run(name, () -> {
            print(object.object().kind() == Kind.COUNTER ? counter(object) : guarded(object));
            return Main.OK;
        });
    }

    private Object counter(ObjectName name) {
        if (!name.path().isEmpty()) {
            throw new NotFoundException("There is no " + name.path() + ": a counter has no parts");
        }
        try (Region region = name.open(options.foreign)) {
            return region.counter(name.object().name()).get();
        }
    }

    private Object guarded(ObjectName name) throws InterruptedException {
        return new GuardedData(name, options.foreign).get(options.timeout()).orElseThrow(TimeOverException::new);
    }

    private void print(Object value) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(DataText.json(value)));
        } else {
            DataText.lines(value, Integer.MAX_VALUE).forEach(out::println);
        }
        out.flush();
    }
}
