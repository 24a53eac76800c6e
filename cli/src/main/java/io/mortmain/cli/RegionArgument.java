package io.mortmain.cli;

import picocli.CommandLine.Parameters;

/** The region that a command is about: its first argument. */
final class RegionArgument {
    @Parameters(index = "0", paramLabel = "NAME", description = "A region in /dev/shm, or a path with a slash in it.")
    private String name;

    String name() {
        return NameOnCommandLine.require(name);
    }
}
