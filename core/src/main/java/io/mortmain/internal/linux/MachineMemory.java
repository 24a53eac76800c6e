package io.mortmain.internal.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What this machine can hold at all, proc_meminfo(5). */
final class MachineMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Pattern MEMORY_OR_SWAP = Pattern.compile("(?m)^(?:MemTotal|SwapTotal): +(\\d{1,15}) kB$");

    private MachineMemory() {}

    /** Bytes of memory and swap space, in use or not; {@link Long#MAX_VALUE} where that is not said. */
    static long total() {
        try {
            long total = MEMORY_OR_SWAP
                    .matcher(Files.readString(MEMINFO))
                    .results()
                    .mapToLong(line -> Long.parseLong(line.group(1)) << 10)
                    .sum();
            return total == 0 ? Long.MAX_VALUE : total;
        } catch (IOException | UncheckedIOException unreadable) {
            return Long.MAX_VALUE;
        }
    }
}
