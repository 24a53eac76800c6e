package io.mortmain;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which room may use which: dependencies point downwards only. */
class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter().importPath(Path.of("target", "classes"));
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([a-z.]+);");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?([a-z.]+)\\.[A-Z]");
    private static final String JDK = "java..";
    private static final String JSPECIFY = "org.jspecify.annotations";
    private static final String DOOR = "io.mortmain";
    private static final String ERRORS = "io.mortmain.errors";
    private static final String REGION = "io.mortmain.internal.region";
    private static final String LOCK = "io.mortmain.internal.lock";
    private static final String JOURNAL = "io.mortmain.internal.journal";
    private static final String OWNER = "io.mortmain.internal.owner";
    private static final String WORDS = "io.mortmain.internal.words";
    private static final String LAYOUT = "io.mortmain.internal.layout";
    private static final String LINUX = "io.mortmain.internal.linux";
    private static final String RECORD = "io.mortmain.internal.record";
    private static final String GUARDED = "io.mortmain.internal.guarded";
    private static final String HEAP = "io.mortmain.internal.heap";
    private static final String FORK = "io.mortmain.internal.fork";
    private static final String PROCESS = "io.mortmain.process";
    private static final String OBSERVE = "io.mortmain.internal.observe";

    @Test
    void shouldPointDownwardsOnly() {
        mayUse(ERRORS);
        mayUse(OBSERVE, "jdk.jfr..");
        mayUse(LINUX);
        mayUse(LAYOUT, LINUX); // the size of a mutex is the platform's
        mayUse(WORDS, LAYOUT, LINUX);
        mayUse(JOURNAL, ERRORS, WORDS, LAYOUT);
        mayUse(FORK, ERRORS, WORDS, LINUX);
        mayUse(OWNER, ERRORS, FORK, WORDS, LAYOUT, LINUX);
        mayUse(LOCK, ERRORS, OWNER, WORDS, LAYOUT, LINUX);
        check(classes()
                .that()
                .resideInAPackage(RECORD)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(RECORD, JDK, JSPECIFY, ERRORS, LAYOUT)
                        .or(type(Length.class))));
        mayUse(REGION, ERRORS, FORK, LOCK, OWNER, WORDS, LAYOUT, LINUX);
        mayUse(GUARDED, ERRORS, JOURNAL, RECORD, WORDS, LAYOUT);
        // a door beside the other, which it uses: a child is given regions
        mayUse(PROCESS, DOOR, ERRORS, REGION, FORK, OBSERVE, LINUX, "jdk.jfr..");
        mayUse(HEAP, ERRORS, GUARDED, JOURNAL, RECORD, WORDS, LAYOUT);
    }

    @Test
    void shouldHaveNoCyclesBetweenRooms() throws IOException {
        Map<String, Set<String>> uses = usesOfRooms();
        assertThat(uses).as("the rooms of the core").containsKeys(DOOR, LAYOUT, LINUX);
        while (uses.values().removeIf(used -> Collections.disjoint(used, uses.keySet()))) {
            // a room that uses none of the rest is in no cycle, and closes none
        }
        assertThat(uses).as("rooms in a cycle or above one").isEmpty();
    }

    /**
     * By classes and by imports: a constant is copied into the class that uses it, which then does not name the other room. The annotation
     * Length is left out: users find it at the door, and it has no code that could lead further.
     */
    private static Map<String, Set<String>> usesOfRooms() throws IOException {
        Map<String, Set<String>> uses = new TreeMap<>();
        CORE.stream()
                .flatMap(user -> user.getDirectDependenciesFromSelf().stream())
                .filter(use -> !use.getTargetClass().isEquivalentTo(Length.class))
                .forEach(use -> addUse(
                        uses,
                        use.getOriginClass().getPackageName(),
                        use.getTargetClass().getPackageName()));
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            for (Path source :
                    sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                String text = Files.readString(source).replace("import io.mortmain.Length;", "");
                PACKAGE.matcher(text)
                        .results()
                        .forEach(room -> IMPORT.matcher(text)
                                .results()
                                .forEach(found -> addUse(uses, room.group(1), found.group(1))));
            }
        }
        return uses;
    }

    private static void addUse(Map<String, Set<String>> uses, String room, String used) {
        Set<String> ofRoom = uses.computeIfAbsent(room, _ -> new TreeSet<>());
        if (!used.equals(room)) {
            ofRoom.add(used);
        }
    }

    @Test
    void shouldUseNothingButTheJdk() {
        check(classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(JDK, "jdk.jfr..", JSPECIFY, "io.mortmain..")));
    }

    @Test
    void shouldNotReachTheDoorFromInside() {
        check(noClasses()
                .that(not(resideInAnyPackage(DOOR, PROCESS)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(DOOR).and(not(type(Length.class)))));
    }

    @Test
    void shouldLinkNativeCodeInOnePlace() {
        check(
                noClasses()
                        .that()
                        .doNotHaveFullyQualifiedName(LINUX + ".Native")
                        .should()
                        .callMethodWhere(
                                com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner(
                                                com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(
                                                        Linker.class))
                                        .or(com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner(
                                                com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(
                                                        SymbolLookup.class)))
                                        .and(
                                                com.tngtech.archunit.core.domain.JavaAccess.Predicates.target(
                                                        com.tngtech.archunit.core.domain.properties.HasName.Predicates
                                                                .nameMatching(
                                                                        "nativeLinker|downcallHandle|upcallStub|find|findOrThrow|libraryLookup|loaderLookup")))));
        check(noClasses()
                .that(not(resideInAnyPackage(LINUX)))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Linker.class));
    }

    @Test
    void shouldReinterpretMemoryInOnePlace() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(LINUX + ".Native")
                .should()
                .callMethodWhere(com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner(
                                com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(MemorySegment.class))
                        .and(com.tngtech.archunit.core.domain.JavaAccess.Predicates.target(
                                com.tngtech.archunit.core.domain.properties.HasName.Predicates.name("reinterpret")))));
    }

    @Test
    void shouldOrderMemoryInTheSeamOnly() {
        check(noClasses()
                .that(not(resideInAnyPackage(WORDS)))
                .and()
                .doNotHaveFullyQualifiedName(REGION + ".HeldSlots") // a fence only
                .and()
                .doNotHaveFullyQualifiedName(LINUX + ".Native")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(VarHandle.class));
    }

    private static void mayUse(String room, String... others) {
        String[] all =
                Stream.concat(Stream.of(room, JDK, JSPECIFY), Stream.of(others)).toArray(String[]::new);
        check(classes().that().resideInAPackage(room).should().onlyDependOnClassesThat(resideInAnyPackage(all)));
    }

    private static void check(ArchRule rule) {
        rule.check(CORE);
    }
}
