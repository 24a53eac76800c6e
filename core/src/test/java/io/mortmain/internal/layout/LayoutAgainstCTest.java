package io.mortmain.internal.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.MutexKind;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.ChildWait;
import io.mortmain.internal.linux.Descriptors;
import io.mortmain.internal.linux.Epoll;
import io.mortmain.internal.linux.EpollEventLayout;
import io.mortmain.internal.linux.Errno;
import io.mortmain.internal.linux.FlockLayout;
import io.mortmain.internal.linux.Futex;
import io.mortmain.internal.linux.IovecLayout;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.linux.OpenFlags;
import io.mortmain.internal.linux.OwnDescriptor;
import io.mortmain.internal.linux.PidDescriptor;
import io.mortmain.internal.linux.Platform;
import io.mortmain.internal.linux.Poll;
import io.mortmain.internal.linux.PollfdLayout;
import io.mortmain.internal.linux.PosixSpawn;
import io.mortmain.internal.linux.ProcessGroup;
import io.mortmain.internal.linux.ProgramFile;
import io.mortmain.internal.linux.Ptrace;
import io.mortmain.internal.linux.RangeLock;
import io.mortmain.internal.linux.RusageLayout;
import io.mortmain.internal.linux.SiginfoLayout;
import io.mortmain.internal.linux.SpawnLayout;
import io.mortmain.internal.linux.StatfsLayout;
import io.mortmain.internal.linux.StatxLayout;
import io.mortmain.internal.linux.UserRegistersLayout;
import io.mortmain.testing.CProgram;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every number that Java has in common with C, compared with what the machine's compiler says. Java's side is found by reflection, so
 * that a number added later is missed here, and not by chance right.
 */
class LayoutAgainstCTest {
    private static final List<Class<?>> LAYOUTS = List.of(
            GlibcMutexLayout.class,
            RobustListLayout.class,
            RegionHeaderLayout.class,
            RegionGeometry.class,
            StatePageLayout.class,
            DirectoryEntryLayout.class,
            MutexSlotLayout.class,
            GuardedBlockLayout.class,
            HeapLayout.class,
            LayoutHash.class,
            StatxLayout.class,
            StatfsLayout.class,
            FlockLayout.class,
            IovecLayout.class,
            PollfdLayout.class,
            SiginfoLayout.class,
            RusageLayout.class,
            EpollEventLayout.class,
            SpawnLayout.class,
            UserRegistersLayout.class);

    private static final List<Class<?>> CALLERS = List.of(
            OpenFile.class,
            OpenFile.Status.class,
            AddressSpace.class,
            Futex.class,
            PidDescriptor.class,
            Poll.class,
            ProcessGroup.class,
            Ptrace.class,
            RangeLock.class,
            ChildWait.class,
            Epoll.class,
            OpenFlags.class,
            OwnDescriptor.class,
            Descriptors.class,
            PosixSpawn.class,
            ProgramFile.class);

    /** What C code has no number for: parts that only Java reads, and what follows from others or is shown by a living mutex. */
    private static final Set<String> ONLY_IN_JAVA = Set.of(
            "RegionHeaderLayout.BOOT_ID_SIZE",
            "RegionHeaderLayout.CREATED",
            "RegionHeaderLayout.RECOVERED",
            "RegionHeaderLayout.RESERVED",
            "RegionGeometry.OWNER_RECORDS",
            "DirectoryEntryLayout.RESERVED",
            "HeapLayout.COMMITTED_END",
            "HeapLayout.TOP",
            "HeapLayout.ROOT",
            "HeapLayout.RESERVED",
            "HeapLayout.FREE_LISTS",
            "HeapLayout.CLASSES",
            "HeapLayout.BLOCKS",
            "HeapLayout.HEADER_SIZE",
            "HeapLayout.HEADER_HANDLE_SHIFT",
            "HeapLayout.HEADER_STATE_SHIFT",
            "HeapLayout.STATE_FREE",
            "HeapLayout.STATE_ALLOCATED",
            "HeapLayout.ELEMENT_SIZE",
            "MutexSlotLayout.CONTENDED",
            "MutexSlotLayout.DEATHS",
            "MutexSlotLayout.RECOVERIES",
            "GlibcMutexLayout.OWNER_REBOOTED",
            "GlibcMutexLayout.FUTEX_OFFSET",
            "GlibcMutexLayout.NODE_TO_PREVIOUS",
            "GlibcMutexLayout.LINK_PI",
            "GlibcMutexLayout.KIND_ROBUST",
            "GlibcMutexLayout.KIND_PRIORITY_INHERITING",
            "GlibcMutexLayout.KIND_PROCESS_SHARED",
            "GlibcMutexLayout.KIND_MASK",
            "DETACH_ATTEMPTS",
            "DETACH_PAUSE_NANOS",
            "FAILED",
            "PAGE_SIZE",
            "PIECE",
            "MUCH_MEMORY",
            "FIRST_AFTER_STREAMS",
            "OPENED_MEANWHILE",
            "AT_ONCE",
            "LARGEST_PIECE",
            "CALL");

    @Test
    void shouldHaveTheNumbersOfThisMachinesHeaders() throws Exception {
        Map<String, Long> c = saidBy("layout");
        Map<String, Long> java = javaNumbers();
        assertThat(Set.copyOf(java.keySet())).as("compared or named").containsAll(ONLY_IN_JAVA);
        java.keySet().removeAll(ONLY_IN_JAVA);
        java.putAll(derived());
        assertThat(c).isEqualTo(java);
    }

    @Test
    void shouldHaveTheSystemCallNumbersOfAarch64() throws Exception {
        Map<String, Long> generic = saidBy("generic_calls");
        assertThat(generic).isEqualTo(calls(Platform.AARCH64));
        assertThat(calls(Platform.X86_64))
                .isEqualTo(Map.of("futexCall", 202L, "getRobustListCall", 274L, "waitidCall", 247L));
    }

    /** The format of version 1 as it was: whoever changes a number sees that it is the format that changes. */
    @Test
    void shouldHaveTheLayoutsOfFormatVersion1() throws IOException, IllegalAccessException {
        Map<String, Long> numbers = new TreeMap<>();
        for (Class<?> layout : List.of(
                RegionHeaderLayout.class,
                RegionGeometry.class,
                StatePageLayout.class,
                DirectoryEntryLayout.class,
                MutexSlotLayout.class,
                GuardedBlockLayout.class,
                HeapLayout.class,
                LayoutHash.class)) {
            addConstants(layout, layout.getSimpleName() + ".", numbers);
        }
        String printed = numbers.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining("\n"));
        assertThat(printed + "\n").isEqualTo(Files.readString(Path.of("src", "test", "resources", "format-1.txt")));
    }

    private static Map<String, Long> javaNumbers() throws IllegalAccessException {
        Map<String, Long> numbers = new HashMap<>();
        for (Class<?> layout : LAYOUTS) {
            addConstants(layout, layout.getSimpleName() + ".", numbers);
        }
        for (Class<?> caller : CALLERS) {
            addConstants(caller, "", numbers);
        }
        return numbers;
    }

    private static void addConstants(Class<?> from, String prefix, Map<String, Long> to) throws IllegalAccessException {
        for (Field field : from.getDeclaredFields()) {
            boolean number = field.getType() == int.class || field.getType() == long.class;
            if (number && Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                to.put(prefix + field.getName(), ((Number) field.get(null)).longValue());
            }
        }
    }

    /** What Java has in another form than a constant. */
    private static Map<String, Long> derived() throws ReflectiveOperationException {
        Map<String, Long> numbers = new HashMap<>(calls(Platform.current()));
        for (Errno errno : Errno.values()) {
            if (errno != Errno.OTHER) {
                numbers.put("errno." + errno, (long) errno.number());
            }
        }
        numbers.put("abi", (long) Platform.current().abiTag());
        numbers.put("mutex.lock", (long) GlibcMutexLayout.LOCK);
        numbers.put("mutex.kind", (long) GlibcMutexLayout.KIND);
        numbers.put("mutex.size", (long) GlibcMutexLayout.SIZE);
        numbers.put("mutex.tid_mask", (long) GlibcMutexLayout.TID_MASK);
        numbers.put("mutex.kind_mask", (long) GlibcMutexLayout.KIND_MASK);
        numbers.put("mutex.kind_robust", (long) GlibcMutexLayout.KIND_ROBUST);
        numbers.put("mutex.kind_error_checking", (long) GlibcMutexLayout.KIND_ERROR_CHECKING);
        numbers.put("node", (long) GlibcMutexLayout.NODE);
        numbers.put("futex_offset", GlibcMutexLayout.FUTEX_OFFSET);
        numbers.put("head.size", (long) RobustListLayout.SIZE);
        for (MutexKind kind : MutexKind.values()) {
            int word = kindWord(kind);
            numbers.put("kind." + (word & GlibcMutexLayout.KIND_TYPE_MASK), (long) word);
        }
        numbers.put("timespec.tv_nsec", (long) ThreadSlotLayout.TIMEOUT_NANOS - ThreadSlotLayout.TIMEOUT_SECONDS);
        numbers.put("statfs.f_type size", (long) Long.BYTES);
        for (int objects = 1; objects <= RegionGeometry.MAX_OBJECTS; objects = objects * 3 + 1) {
            RegionGeometry geometry = new RegionGeometry(0, objects);
            numbers.put("lockArea." + objects, geometry.lockArea());
            numbers.put("data." + objects, geometry.data());
        }
        return numbers;
    }

    private static int kindWord(MutexKind kind) throws ReflectiveOperationException {
        var word = MutexKind.class.getDeclaredMethod("word");
        word.setAccessible(true);
        return (int) word.invoke(kind);
    }

    private static Map<String, Long> calls(Platform platform) throws ReflectiveOperationException {
        Map<String, Long> numbers = new HashMap<>();
        for (String call : List.of("futexCall", "getRobustListCall", "waitidCall")) {
            var number = Platform.class.getDeclaredMethod(call);
            number.setAccessible(true);
            numbers.put(call, (long) (int) number.invoke(platform));
        }
        return numbers;
    }

    private static Map<String, Long> saidBy(String program) throws IOException {
        Process process = new ProcessBuilder(CProgram.compile(program).toString())
                .redirectErrorStream(true)
                .start();
        Map<String, Long> numbers = new HashMap<>();
        try (var output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                int space = line.lastIndexOf(' ');
                Long before = numbers.put(line.substring(0, space), Long.valueOf(line.substring(space + 1)));
                assertThat(before).as("said once: " + line).isNull();
            }
        }
        return numbers;
    }
}
