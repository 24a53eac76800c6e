package io.mortmain.bench;

import picocli.CommandLine.Option;

/** {@code -h} and {@code --help}, as every benchmark has them. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    boolean help;
}
