package io.mortmain.explore;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which room of the explorer may use which, and what of the library: the protocol and its seam, and nothing that touches the real machine. */
class ArchitectureTest {
    private static final JavaClasses EXPLORE = new ClassFileImporter().importPath(Path.of("target", "classes"));
    private static final String JDK = "java..";
    private static final String JSPECIFY = "org.jspecify.annotations";
    private static final String DOOR = "io.mortmain.explore";
    private static final String MACHINE = "io.mortmain.explore.machine";
    private static final String SEARCH = "io.mortmain.explore.search";
    private static final String PROGRAM = "io.mortmain.explore.program";
    private static final String MUTANT = "io.mortmain.explore.mutant";
    private static final String ERRORS = "io.mortmain.errors";
    private static final String REGION = "io.mortmain.internal.region";
    private static final String LOCK = "io.mortmain.internal.lock";
    private static final String OWNER = "io.mortmain.internal.owner";
    private static final String WORDS = "io.mortmain.internal.words";
    private static final String LAYOUT = "io.mortmain.internal.layout";
    private static final String JOURNAL = "io.mortmain.internal.journal";
    private static final String GUARDED = "io.mortmain.internal.guarded";

    @Test
    void shouldPointDownwardsOnly() {
        mayUse(MACHINE, LOCK, OWNER, WORDS, LAYOUT);
        mayUse(SEARCH, MACHINE);
        mayUse(PROGRAM, MACHINE, ERRORS, REGION, LOCK, OWNER, WORDS, LAYOUT, JOURNAL, GUARDED);
        mayUse(MUTANT, PROGRAM, MACHINE, OWNER, WORDS, LAYOUT);
        mayUse(DOOR, PROGRAM);
    }

    @Test
    void shouldHaveNoOtherRooms() {
        classes()
                .should()
                .resideInAnyPackage(DOOR, MACHINE, SEARCH, PROGRAM, MUTANT)
                .check(EXPLORE);
    }

    @Test
    void shouldHaveNoCyclesBetweenRooms() {
        slices().matching("io.mortmain.explore.(*)").should().beFreeOfCycles().check(EXPLORE);
    }

    private static void mayUse(String room, String... others) {
        String[] all =
                Stream.concat(Stream.of(room, JDK, JSPECIFY), Stream.of(others)).toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(all))
                .check(EXPLORE);
    }
}
