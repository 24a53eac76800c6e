package io.mortmain.bench;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.mortmain.bench.peer.Libc;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which room of the benchmarks may use which, and that all see of the library what every user sees. Tests run from the class path,
 * so nothing else would notice.
 */
class ArchitectureTest {
    /** Written by JMH during the build. */
    private static final ImportOption NOT_GENERATED = location -> !location.contains("/jmh_generated/");

    private static final JavaClasses BENCH =
            new ClassFileImporter().withImportOption(NOT_GENERATED).importPath(Path.of("target", "classes"));
    private static final String JDK = "java..";
    private static final String JSPECIFY = "org.jspecify.annotations";
    private static final String DOOR = "io.mortmain";
    private static final String ERRORS = "io.mortmain.errors";
    private static final String PROCESS = "io.mortmain.process";
    private static final String COMMANDS = "io.mortmain.bench";
    private static final String HARNESS = "io.mortmain.bench.harness";
    private static final String PAIR = "io.mortmain.bench.pair";
    private static final String PEER = "io.mortmain.bench.peer";
    private static final String JMH = "io.mortmain.bench.jmh";

    @Test
    void shouldPointDownwardsOnly() {
        mayUse(PEER, DOOR, ERRORS, PROCESS, "com.sun.management"); // which counts allocated bytes
        mayUse(PAIR, PEER, DOOR, ERRORS, "org.lmdbjava", "net.openhft.chronicle..");
        mayUse(HARNESS, PAIR, PEER, DOOR, ERRORS);
        mayUse(JMH, PEER, DOOR, ERRORS, "org.openjdk.jmh..");
        mayUse(COMMANDS, HARNESS, PEER, DOOR, ERRORS, "picocli", "org.openjdk.jmh"); // starts JMH
    }

    @Test
    void shouldHaveNoOtherRooms() {
        classes()
                .should()
                .resideInAnyPackage(COMMANDS, HARNESS, PAIR, PEER, JMH)
                .check(BENCH);
    }

    @Test
    void shouldLinkNativeCodeAndReinterpretMemoryInOnePlace() {
        noClasses()
                .that()
                .areNotAssignableTo(Libc.class)
                .should()
                .callMethodWhere(targetOwner(assignableTo(MemorySegment.class)).and(target(name("reinterpret"))))
                .orShould()
                .callMethodWhere(targetOwner(assignableTo(Linker.class)))
                .check(BENCH);
    }

    private static void mayUse(String room, String... others) {
        String[] all =
                Stream.concat(Stream.of(room, JDK, JSPECIFY), Stream.of(others)).toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(all))
                .check(BENCH);
    }
}
