package io.mortmain.stress.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.mortmain.internal.words.MappedBytes;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.SharedBytes;
import io.mortmain.internal.words.Words;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/memory-order.md} lists each access of the library that is weaker than volatile, and no other. */
class MemoryOrderTableTest {
    private static final Path TABLE = Path.of("..", "docs", "memory-order.md");
    private static final String HEADING = "## Accesses weaker than volatile";
    private static final Pattern QUOTED = Pattern.compile("`([\\w.]+)`");
    private static final Pattern WEAK_WORDS = Pattern.compile("(get|put)\\w+(Plain|Opaque|Release)");
    private static final Pattern STRONG_HANDLE = Pattern.compile(
            "\\w*Volatile|compareAndSet|compareAndExchange|getAnd(Set|Add|BitwiseOr|BitwiseAnd|BitwiseXor)"
                    + "|fullFence|varType|coordinateTypes");
    private static final Pattern SEGMENT = Pattern.compile("[gs]et\\w*|fill|copy\\w*|toArray|asByteBuffer");

    private static final Set<String> PRIVATE_MEMORY =
            Set.of("io.mortmain.internal.linux", "io.mortmain.internal.record");

    private static final JavaClasses CORE =
            new ClassFileImporter().importPath(Path.of("..", "core", "target", "classes"));

    /** One line of the table. */
    private record Row(Set<String> methods, Set<String> accesses) {}

    @Test
    void shouldListEveryWeakAccess() throws IOException {
        List<Row> rows = rows();
        Map<String, Set<String>> found = weakAccesses();
        assertThat(found).as("weak accesses of the library").hasSizeGreaterThan(20);
        List<String> missing = new ArrayList<>();
        found.forEach((method, accesses) -> {
            Set<String> listed = rows.stream()
                    .filter(row -> row.methods.contains(method))
                    .flatMap(row -> row.accesses.stream())
                    .collect(Collectors.toSet());
            accesses.stream()
                    .filter(access -> !listed.contains(access))
                    .forEach(access -> missing.add(method + ": " + access));
        });
        assertThat(missing).as("weak accesses that " + TABLE + " does not list").isEmpty();
    }

    @Test
    void shouldListNothingElse() throws IOException {
        Map<String, Set<String>> found = weakAccesses();
        List<String> gone = new ArrayList<>();
        for (Row row : rows()) {
            row.methods.stream().filter(method -> !found.containsKey(method)).forEach(gone::add);
            row.accesses.stream()
                    .filter(access -> row.methods.stream()
                            .noneMatch(method ->
                                    found.getOrDefault(method, Set.of()).contains(access)))
                    .forEach(access -> gone.add(access + " of " + row.methods));
        }
        assertThat(gone)
                .as("what " + TABLE + " lists and the library does not have")
                .isEmpty();
    }

    /** By class and method: the names of the accesses that are weaker than volatile. */
    private static Map<String, Set<String>> weakAccesses() {
        Map<String, Set<String>> found = new TreeMap<>();
        CORE.stream()
                .filter(user -> !user.isEquivalentTo(MappedWords.class) && !user.isEquivalentTo(MappedBytes.class))
                .flatMap(user -> user.getMethodCallsFromSelf().stream())
                .filter(MemoryOrderTableTest::isWeak)
                .forEach(call -> found.computeIfAbsent(
                                call.getOriginOwner().getSimpleName() + "."
                                        + call.getOrigin().getName(),
                                _ -> new TreeSet<>())
                        .add(call.getName()));
        return found;
    }

    private static boolean isWeak(JavaMethodCall call) {
        String name = call.getName();
        if (call.getTargetOwner().isAssignableTo(Words.class)) {
            return WEAK_WORDS.matcher(name).matches();
        }
        if (call.getTargetOwner().isAssignableTo(SharedBytes.class)) {
            return !name.equals("<init>");
        }
        if (call.getTargetOwner().isEquivalentTo(VarHandle.class)) {
            return !STRONG_HANDLE.matcher(name).matches();
        }
        // Structures of system calls are the calling thread's own, and so is the copy that a codec reads and writes.
        return call.getTargetOwner().isEquivalentTo(MemorySegment.class)
                && SEGMENT.matcher(name).matches()
                && !PRIVATE_MEMORY.contains(call.getOriginOwner().getPackageName());
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = Files.readString(TABLE)
                .substring(Files.readString(TABLE).indexOf(HEADING) + HEADING.length())
                .lines()
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| **"))
                .map(line -> line.split("\\|"))
                .map(cells -> new Row(quoted(cells[1]), quoted(cells[2])))
                .toList();
        assertThat(rows).as("rows of " + TABLE).isNotEmpty();
        return rows;
    }

    private static Set<String> quoted(String cell) {
        return QUOTED.matcher(cell)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
