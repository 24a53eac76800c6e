package io.mortmain.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;

/** Starts children without a standard input of its own: what one of them is given by pipe must not become that of another. */
final class StreamlessParent {
    private StreamlessParent() {}

    /** With an argument it only looks. */
    public static void main(String[] arguments) throws Throwable {
        System.out.println("another: " + standardInputOfAnother()); // whatever it takes is loaded before
        if (arguments.length > 0) {
            return;
        }
        MethodHandle close = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("close"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        int closed = (int) close.invokeExact(0);
        System.out.println("closed: " + (closed == 0));
        try (Child first = Spawn.of("sleep", "1000")
                .stdout(Handover.pipeFromChild())
                .pass("talk", Handover.socket())
                .start()) {
            System.out.println("number taken: " + isOfAChild(ownStandardInput()));
            System.out.println("standard input of another child: "
                    + (isOfAChild(standardInputOfAnother()) ? "that of the first" : "none of a child's"));
            first.kill();
        }
    }

    private static String standardInputOfAnother() throws Exception {
        String script = "readlink /proc/$$/fd/0 || echo none";
        try (Child child =
                Spawn.of("sh", "-c", script).stdout(Handover.pipeFromChild()).start()) {
            return new String(Channels.newInputStream(child.stdout()).readAllBytes(), UTF_8).strip();
        }
    }

    private static String ownStandardInput() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString();
        } catch (IOException closed) {
            return "none";
        }
    }

    /** Another thread of the JVM may open a file, which gets the number; what children are given here are pipes and sockets. */
    private static boolean isOfAChild(String input) {
        return input.startsWith("pipe:") || input.startsWith("socket:");
    }
}
