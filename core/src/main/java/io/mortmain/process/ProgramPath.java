package io.mortmain.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mortmain.internal.linux.Errno;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.PosixSpawn;
import io.mortmain.internal.linux.ProgramFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a program is, as posix_spawnp(3) finds it, which is not used: it would look in the child, one exec after the other, and could not say
 * which of several errors matters. A name with a slash is a path, relative to the child's folder. Any other is looked for in the folders of this
 * process's PATH, in order; an empty one is the child's folder, and without PATH they are /bin and /usr/bin. What is not there, or may not be
 * executed, is passed over; an error of another kind ends the search.
 */
final class ProgramPath {
    private static final String NO_PATH = "/bin:/usr/bin";

    private final byte[] name;
    private final Optional<byte[]> folder;

    ProgramPath(byte[] name, Optional<byte[]> folder) {
        this.name = name;
        this.folder = folder;
    }

    /** Starts what is found. */
    int start(PosixSpawn.Setting setting) {
        if (contains(name, '/')) {
            return startAt(name, setting);
        }
        String folders = Variables.ownValue("PATH")
                .map(path -> new String(path, ISO_8859_1)) // a byte a character
                .orElse(NO_PATH);
        boolean mayNot = false;
        LinuxException last = null;
        for (String prefix : folders.split(":", -1)) {
            byte[] path = below(prefix.getBytes(ISO_8859_1), name);
            int refusal = ProgramFile.refusal(seenFromHere(path));
            mayNot |= refusal == Errno.EACCES.number();
            if (refusal == 0) {
                try {
                    return PosixSpawn.start(path, setting);
                } catch (LinuxException failed) {
                    if (!isPassedOver(failed.errno())) {
                        throw SpawnFailures.ofProgram(this, path, setting, failed);
                    }
                    mayNot |= failed.errno() == Errno.EACCES;
                    last = failed;
                }
            }
        }
        throw SpawnFailures.ofSearch(this, Bytes.text(folders.getBytes(ISO_8859_1)), last, mayNot);
    }

    private int startAt(byte[] path, PosixSpawn.Setting setting) {
        try {
            return PosixSpawn.start(path, setting);
        } catch (LinuxException failed) {
            throw SpawnFailures.ofProgram(this, path, setting, failed);
        }
    }

    private boolean isPassedOver(Errno errno) {
        boolean isAboutFiles = errno == Errno.ENOENT || errno == Errno.ENOTDIR || errno == Errno.EACCES;
        return isAboutFiles && refusalOfFolder() == null;
    }

    /** Why the child's folder cannot be entered, as a clause; null: it can. */
    @Nullable
    String refusalOfFolder() {
        if (folder.isEmpty()) {
            return null;
        }
        String text = Bytes.text(folder.get());
        String what = "its working folder " + text + " cannot be entered: ";
        Path path = Path.of(text);
        if (Files.exists(path) && !Files.isDirectory(path)) { // whoever may execute it
            return what + "it is not a folder (ENOTDIR); check the path";
        }
        int refusal = ProgramFile.refusal(folder.get());
        Errno errno = Errno.of(refusal);
        return refusal == 0
                ? null
                : what + errno.meaning() + " (" + errno + "); check the path, and who may search the folder";
    }

    /** The path of what the child finds at a path. */
    byte[] seenFromHere(byte[] path) {
        boolean isAbsolute = path.length > 0 && path[0] == '/';
        return folder.isEmpty() || isAbsolute ? path : below(folder.get(), path);
    }

    private static byte[] below(byte[] folder, byte[] name) {
        if (folder.length == 0) {
            return name;
        }
        byte[] path = Arrays.copyOf(folder, folder.length + 1 + name.length);
        path[folder.length] = '/';
        System.arraycopy(name, 0, path, folder.length + 1, name.length);
        return path;
    }

    private static boolean contains(byte[] bytes, char wanted) {
        for (byte each : bytes) {
            if (each == wanted) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return Bytes.text(name);
    }
}
