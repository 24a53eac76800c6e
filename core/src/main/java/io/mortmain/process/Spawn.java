package io.mortmain.process;

import io.mortmain.Region;
import io.mortmain.errors.SpawnException;
import io.mortmain.errors.SpawnException.Reason;
import io.mortmain.internal.linux.Platform;
import io.mortmain.internal.linux.PosixSpawn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Starts processes by posix_spawn(3), never by fork(2): nothing of this process is copied, no handler of pthread_atfork runs, and the time does not depend
 * on how much memory this process has. The child has the three streams, what it is given by {@link #pass} and {@link #keep}, and no other
 * descriptor. No signal is blocked in it unless {@link #blockSignals} says so; what a handler catches here has its default action there, and what is ignored
 * here is ignored there.
 *
 * <pre>{@code
 * Child child = Spawn.of("sort", "-n").stdin(Handover.pipeToChild()).stdout(Handover.file(out, WRITE, CREATE)).start();
 * Child worker = Spawn.java(Worker.class, "7").pass("bank", region).start();   // there: Spawn.inherited("bank").region()
 * }</pre>
 *
 * <p>Strings are encoded as the JDK encodes file names; a NUL in one is refused at once. A program whose name has no slash is looked for as
 * posix_spawnp(3) does: in the folders of this process's PATH, in order, or in /bin and /usr/bin where there is none; an empty or relative
 * folder is below the child's working folder; what may not be executed is passed over, and reported if nothing else is found. A file without a
 * first line of {@code #!} is not given to a shell.
 *
 * <p>A builder: not thread-safe, and {@link #start} can be called again. A child lives on when this process ends.
 */
public final class Spawn {
    static final int LAST_SIGNAL = 64;
    private static final int LAST_STREAM = 2;

    static {
        SpawnFailures.load();
    }

    private final byte[] program;
    private final List<byte[]> arguments;
    private final Variables variables = Variables.own();
    private final Map<String, Handover> named = new LinkedHashMap<>();
    private final Set<Integer> kept = new TreeSet<>();
    private Handover stdin = Handover.inherited();
    private Handover stdout = Handover.inherited();
    private Handover stderr = Handover.inherited();
    private Optional<byte[]> folder = Optional.empty();
    private Set<Integer> blocked = Set.of();
    private Set<Integer> defaults = Set.of();
    private @Nullable Integer group;
    private boolean session;
    private boolean keepsNumber;

    private Spawn(List<byte[]> command) {
        if (command.isEmpty() || command.getFirst().length == 0) {
            throw new SpawnException(
                    Reason.INVALID_ARGUMENT,
                    "there is no program to start: the command is empty, or its first part is; give the name of one");
        }
        List<byte[]> copy = new ArrayList<>();
        for (byte[] part : command) {
            copy.add(Bytes.requireNoNul(part, copy.isEmpty() ? "the name of a program" : "argument " + copy.size())
                    .clone());
        }
        this.program = copy.getFirst();
        this.arguments = copy;
    }

    /** A program by its name or path, with its arguments. */
    public static Spawn of(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        return of(command);
    }

    /**
     * A program and its arguments.
     *
     * @throws SpawnException reason {@code INVALID_ARGUMENT} for a NUL in one of them, what the encoding of this process cannot spell, or an empty list
     */
    public static Spawn of(List<String> command) {
        Platform.current();
        List<byte[]> bytes = new ArrayList<>();
        for (String part : command) {
            bytes.add(Bytes.of(part, bytes.isEmpty() ? "the name of a program" : "argument " + bytes.size()));
        }
        return new Spawn(bytes);
    }

    /** As {@link #of(List)}, byte for byte, for names that are in another encoding. */
    public static Spawn ofBytes(List<byte[]> command) {
        Platform.current();
        return new Spawn(command);
    }

    /** As {@link #java(Class, List, String...)}, without options. */
    public static Spawn java(Class<?> main, String... arguments) {
        return java(main, List.of(), arguments);
    }

    /**
     * A Java program: a class of this very program in a JVM of its own, of the same JDK, with the same module path and class path, and native access
     * enabled for Mortmain. Other options of this JVM do not go with it.
     *
     * @param main has the main method
     * @param options for the JVM, such as -Xmx32m
     * @throws SpawnException reason {@code INVALID_ARGUMENT} also where the class is in no file that another JVM would find, as that of a lambda, or
     *     of a program that the java command compiles from its source ({@code java Program.java}, {@code ./mortmain java Program.java})
     */
    public static Spawn java(Class<?> main, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(new JavaProgram(main).command(options));
        command.addAll(List.of(arguments));
        return of(command);
    }

    /**
     * What this process was given by {@link #pass} when it was started.
     *
     * @throws SpawnException reason {@code NOT_INHERITED} where there is none of that name
     */
    public static Inherited inherited(String name) {
        Platform.current();
        return Inherited.named(name);
    }

    /** Its standard input; by default this process's own. */
    public Spawn stdin(Handover handover) {
        stdin = requireOfItsOwn(handover);
        return this;
    }

    private static Handover requireOfItsOwn(Handover handover) {
        if (handover.isStandardOutput()) {
            throw new SpawnException(
                    Reason.INVALID_ARGUMENT,
                    "only standard error can go where standard output goes; give another handover");
        }
        return handover;
    }

    /** Its standard output; by default this process's own. */
    public Spawn stdout(Handover handover) {
        stdout = requireOfItsOwn(handover);
        return this;
    }

    /** Its standard error; by default this process's own. */
    public Spawn stderr(Handover handover) {
        stderr = handover;
        return this;
    }

    /**
     * Gives the child a descriptor by a name, at the least number from 3 on that is free there; a Java child gets it by {@link #inherited}, any
     * other finds the number in the variable {@value Inherited#VARIABLE}.
     *
     * @param name 1 to 64 letters, digits, dots, hyphens or underscores
     */
    public Spawn pass(String name, Handover handover) {
        if (handover.isInherited() || handover.isStandardOutput()) {
            throw new SpawnException(
                    Reason.INVALID_ARGUMENT,
                    "what is named " + name + " cannot be a stream of this process; give it by Handover.descriptor");
        }
        named.put(Announcement.requireName(name), handover);
        return this;
    }

    /** Gives the child a region by a name, see {@link Handover#region}. */
    public Spawn pass(String name, Region region) {
        return pass(name, Handover.region(region));
    }

    /**
     * Leaves the child a descriptor of this process under the same number.
     *
     * @param descriptor 3 or more
     * @throws IllegalArgumentException for a smaller one
     */
    public Spawn keep(int descriptor) {
        if (descriptor <= LAST_STREAM) {
            throw new IllegalArgumentException(
                    "descriptor " + descriptor + " cannot be kept; the streams are given by stdin, stdout and stderr");
        }
        kept.add(descriptor);
        return this;
    }

    /** Sets a variable of its environment, which is by default this process's own, as it was when it was first asked for. */
    public Spawn variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** Takes a variable out of its environment. */
    public Spawn withoutVariable(String name) {
        variables.remove(name);
        return this;
    }

    /** Gives it these variables and no others, but for {@code MORTMAIN_INHERITED}, which {@link #pass} makes and nobody else. */
    public Spawn environment(Map<String, String> only) {
        variables.clear();
        only.forEach(variables::put);
        return this;
    }

    /** As {@link #environment(Map)}, each as NAME=value, byte for byte. */
    public Spawn environmentBytes(List<byte[]> only) {
        variables.clear();
        variables.addAll(only);
        return this;
    }

    /** Its working folder; by default this process's own. */
    public Spawn folder(Path folder) {
        String path = folder.toString();
        this.folder = Optional.of(Bytes.of(path.isEmpty() ? "." : path, "the path of a folder"));
        return this;
    }

    /**
     * Signals that are blocked in it until it says otherwise; by default none, whatever the calling thread blocks.
     *
     * @param signals 1 to 64; SIGKILL, SIGSTOP and the C library's own (32 and 33) cannot be blocked, and stay as they are
     * @throws IllegalArgumentException for any other number
     */
    public Spawn blockSignals(int... signals) {
        blocked = set(signals);
        return this;
    }

    /** Signals that have their default action in it even if this process ignores them. */
    public Spawn defaultSignals(int... signals) {
        defaults = set(signals);
        return this;
    }

    private static Set<Integer> set(int... signals) {
        Set<Integer> set = new TreeSet<>();
        for (int signal : signals) {
            if (signal < 1 || signal > LAST_SIGNAL) {
                throw new IllegalArgumentException("there is no signal " + signal + "; give 1 to " + LAST_SIGNAL);
            }
            set.add(signal);
        }
        return set;
    }

    /** Makes it the leader of a new group of processes, whose number is its own. */
    public Spawn newGroup() {
        group = 0;
        return this;
    }

    /**
     * Puts it in an existing group of its session.
     *
     * @param group 1 or more
     * @throws IllegalArgumentException for another number
     */
    public Spawn group(int group) {
        if (group < 1) {
            throw new IllegalArgumentException("there is no group " + group + "; give 1 or more");
        }
        this.group = group;
        return this;
    }

    /** Makes it the leader of a new session, without a terminal; {@link #newGroup} is implied, and {@link #group} refused by the kernel. */
    public Spawn newSession() {
        session = true;
        return this;
    }

    /**
     * Keeps the child's number after its end, so that no other process or group has it, until {@link Child#close}: for who sends signals to its
     * group. The end is told as otherwise; meanwhile the child is a zombie.
     */
    public Spawn keepNumber() {
        keepsNumber = true;
        return this;
    }

    /**
     * Starts the child. When this returns, exec has succeeded: whatever was wrong with the program, its interpreter or its folder is an error here.
     *
     * @throws SpawnException why there is no such process; nothing stays open. The program has not begun, unless another thread took the last
     *     descriptor just then: a child that cannot be held is killed
     * @throws io.mortmain.errors.RegionException where a region that it was to be given is closed, or its name is another's by now
     */
    public Child start() {
        return new Launch(new ProgramPath(program, folder), keepsNumber)
                .start(
                        new Launch.Streams(stdin, stdout, stderr),
                        named,
                        kept,
                        (descriptors, names) -> new PosixSpawn.Setting(
                                arguments,
                                variables.withDescriptors(names),
                                folder,
                                ownGroup(),
                                session,
                                blocked,
                                defaults,
                                descriptors));
    }

    /** The leader of a new session leads a new group already, and may not ask for it. */
    private @Nullable Integer ownGroup() {
        return session && group != null && group == 0 ? null : group;
    }
}
