package io.mortmain.cli;

import picocli.CommandLine.Option;

/** {@code -h} and {@code --help}, as every command has them. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    boolean help;
}
