package io.mortmain.process;

import io.mortmain.errors.SpawnException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Starts programs where PATH is set and empty: that is the child's folder, and no other. */
final class EmptyPathParent {
    private EmptyPathParent() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Files.createSymbolicLink(folder.resolve("mytool"), Path.of("/bin/true"));
        System.out.println("in the folder: " + attempt("mytool", folder));
        System.out.println("elsewhere: " + attempt("true", folder));
    }

    private static String attempt(String program, Path folder) throws InterruptedException {
        try (Child child = Spawn.of(program).folder(folder).start()) {
            return child.await().isSuccess() ? "started" : "failed";
        } catch (SpawnException refused) {
            return refused.getMessage();
        }
    }
}
