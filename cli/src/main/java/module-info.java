import org.jspecify.annotations.NullMarked;

/** The command line. */
@NullMarked
module io.mortmain.cli {
    requires static org.jspecify;
    requires io.mortmain;
    requires io.mortmain.explore;
    requires info.picocli;
    requires jdk.unsupported; // signals: lock passes them on
    requires static java.management; // at run time only in a process that lists its compiled code

    // picocli sets the fields of the commands.
    opens io.mortmain.cli to
            info.picocli;

    // The library reads and makes the records of the demo and of the torture.
    opens io.mortmain.cli.demo to
            io.mortmain;
    opens io.mortmain.cli.torture to
            io.mortmain;
}
