package io.mortmain.internal.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Optional;

/**
 * What this machine is, and one clear sentence where Mortmain cannot work on it. The layouts of a shared mutex belong to the C
 * library: glibc's and musl's have nothing in common, so an unknown one is refused rather than guessed.
 */
public enum Platform {
    X86_64(1, 40, 202, 274, 247),
    AARCH64(2, 48, 98, 100, 95);

    private static final int OLDEST_GLIBC_MINOR = 31;

    private final int abiTag;
    private final int mutexSize;
    private final int futexCall;
    private final int getRobustListCall;
    private final int waitidCall;

    Platform(int abiTag, int mutexSize, int futexCall, int getRobustListCall, int waitidCall) {
        this.abiTag = abiTag;
        this.mutexSize = mutexSize;
        this.futexCall = futexCall;
        this.getRobustListCall = getRobustListCall;
        this.waitidCall = waitidCall;
    }

    /** The number by which a region says whose {@code pthread_mutex_t} it holds: 1 glibc on x86_64, 2 glibc on aarch64. */
    public int abiTag() {
        return abiTag;
    }

    /** {@code sizeof(pthread_mutex_t)} in bytes. */
    public int mutexSize() {
        return mutexSize;
    }

    int futexCall() {
        return futexCall;
    }

    int getRobustListCall() {
        return getRobustListCall;
    }

    int waitidCall() {
        return waitidCall;
    }

    /** This machine's platform; throws with one sentence and the cure where Mortmain cannot work. */
    public static Platform current() {
        return Holder.CURRENT.orElseThrow(() -> new UnsupportedOperationException(Holder.REFUSAL));
    }

    /** The names of the ABI tags, for messages. */
    public static String abiName(int tag) {
        for (Platform platform : values()) {
            if (platform.abiTag == tag) {
                return "glibc on " + platform.name().toLowerCase(Locale.ROOT);
            }
        }
        return "unknown ABI " + tag;
    }

    /** Why the given machine is refused, or empty. Split from {@link #current()} so that each refusal can be tried. */
    static String refusalFor(String system, String architecture, int javaBits, Optional<String> glibc) {
        if (!system.equals("Linux")) {
            return "Mortmain works on Linux only and this is " + system
                    + "; run it in a Linux container, e.g. docker run --rm -it -v \"$PWD\":/w -w /w eclipse-temurin:25 ./mortmain demo";
        }
        if (javaBits != 64
                || platformOf(architecture).isEmpty()
                || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            return "Mortmain knows the mutex layouts of x86_64 and aarch64 only and this JVM is " + architecture
                    + " with " + javaBits + " bits; use a 64-bit JDK for one of the two";
        }
        if (glibc.isEmpty()) {
            return "the C library of this process is not glibc (musl, as in Alpine?), and its mutexes have another layout;"
                    + " use a glibc image, e.g. eclipse-temurin:25";
        }
        if (minorOf(glibc.get()) < OLDEST_GLIBC_MINOR) {
            return "glibc " + glibc.get() + " is too old; Mortmain needs 2." + OLDEST_GLIBC_MINOR + " or later";
        }
        return "";
    }

    private static Optional<Platform> platformOf(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" -> Optional.of(X86_64);
            case "aarch64" -> Optional.of(AARCH64);
            default -> Optional.empty();
        };
    }

    private static int minorOf(String version) {
        String[] parts = version.split("\\.", -1);
        try {
            return parts.length < 2 || !parts[0].equals("2") ? 0 : Integer.parseInt(parts[1].replaceAll("\\D.*", ""));
        } catch (NumberFormatException unknown) {
            return 0;
        }
    }

    /** Whether that version of glibc is 2.{@code minor} or later; no if it cannot be read. */
    static boolean isGlibc(String version, int minor) {
        return minorOf(version) >= minor;
    }

    /** The version of the C library, such as 2.36; empty where it is not glibc. */
    public static Optional<String> glibcVersion() {
        if (Native.find("gnu_get_libc_version").isEmpty()) {
            return Optional.empty();
        }
        try {
            var address = (long) Native.function("gnu_get_libc_version", 0).invokeExact();
            MemorySegment text = Native.addressSpace().asSlice(address);
            return Optional.of(text.getString(0));
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private static String nativeAccessRefusal() {
        try {
            Native.addressSpace();
            return "";
        } catch (IllegalCallerException denied) {
            return "native access is not enabled for Mortmain; start java with --enable-native-access="
                    + (Platform.class.getModule().isNamed()
                            ? Platform.class.getModule().getName()
                            : "ALL-UNNAMED");
        }
    }

    private static final class Holder {
        static final String REFUSAL = refusal();
        static final Optional<Platform> CURRENT =
                REFUSAL.isEmpty() ? platformOf(System.getProperty("os.arch", "?")) : Optional.empty();

        private static String refusal() {
            String access = nativeAccessRefusal();
            if (!access.isEmpty()) {
                return access;
            }
            String system = System.getProperty("os.name", "?");
            return refusalFor(
                    system,
                    System.getProperty("os.arch", "?"),
                    Integer.getInteger("sun.arch.data.model", 64),
                    system.equals("Linux") ? glibcVersion() : Optional.empty());
        }
    }
}
