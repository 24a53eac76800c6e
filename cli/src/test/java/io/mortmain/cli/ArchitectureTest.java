package io.mortmain.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which room of the command line may use which: the commands use the demo and the lock, everybody the library's public types,
 * and the lock its door to the kernel. */
class ArchitectureTest {
    private static final JavaClasses CLI = new ClassFileImporter().importPath(Path.of("target", "classes"));
    private static final String JDK = "java..";
    private static final String JSPECIFY = "org.jspecify.annotations";
    private static final String DOOR = "io.mortmain";
    private static final String SPAWN = "io.mortmain.process";
    private static final String ERRORS = "io.mortmain.errors";
    private static final String COMMANDS = "io.mortmain.cli";
    private static final String DEMO = "io.mortmain.cli.demo";
    private static final String LOCK = "io.mortmain.cli.lock";
    private static final String RM = "io.mortmain.cli.rm";
    private static final String DOCTOR = "io.mortmain.cli.doctor";
    private static final String LINUX = "io.mortmain.internal.linux";
    private static final String LAYOUT = "io.mortmain.internal.layout";
    private static final String OWNER = "io.mortmain.internal.owner";
    private static final String OUTPUT = "io.mortmain.cli.output";
    private static final String PROCESS = "io.mortmain.cli.process";
    private static final String TORTURE = "io.mortmain.cli.torture";
    private static final String CLAIMS = "io.mortmain.cli.claims";
    private static final String EXPERIMENT = "io.mortmain.cli.experiment";
    private static final String STEPPER = "io.mortmain.cli.stepper";
    private static final String EXPLORE = "io.mortmain.cli.explore";
    private static final String EXPLORER = "io.mortmain.explore..";

    @Test
    void shouldPointDownwardsOnly() {
        mayUse(OUTPUT);
        mayUse(PROCESS);
        mayUse(DEMO, OUTPUT, PROCESS, DOOR, SPAWN, ERRORS);
        mayUse(EXPERIMENT, PROCESS, DOOR, SPAWN, ERRORS);
        mayUse(TORTURE, EXPERIMENT, OUTPUT, PROCESS, DOOR, ERRORS, LAYOUT, OWNER);
        mayUse(CLAIMS, EXPERIMENT, PROCESS);
        mayUse(STEPPER, TORTURE, PROCESS, DOOR, ERRORS, LINUX, "javax.management");
        mayUse(LOCK, PROCESS, DOOR, SPAWN, ERRORS, LINUX);
        mayUse(RM, LOCK, PROCESS, DOOR, ERRORS, LINUX);
        mayUse(DOCTOR, PROCESS, DOOR, ERRORS, LINUX);
        mayUse(EXPLORE, EXPLORER);
        mayUse(
                COMMANDS, DEMO, LOCK, RM, DOCTOR, STEPPER, TORTURE, CLAIMS, EXPLORE, EXPLORER, OUTPUT, DOOR, ERRORS,
                "picocli");
    }

    @Test
    void shouldHaveNoOtherRooms() {
        classes()
                .should()
                .resideInAnyPackage(
                        COMMANDS,
                        DEMO,
                        LOCK,
                        RM,
                        DOCTOR,
                        STEPPER,
                        TORTURE,
                        CLAIMS,
                        EXPERIMENT,
                        EXPLORE,
                        OUTPUT,
                        PROCESS)
                .check(CLI);
    }

    /** But for the child processes of torture and of the experiments, whose native calls are the faults. */
    @Test
    void shouldLeaveNativeCodeAndMemoryToTheLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackages(TORTURE, EXPERIMENT)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Linker.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Arena.class)
                .check(CLI);
    }

    private static void mayUse(String room, String... others) {
        String[] all =
                Stream.concat(Stream.of(room, JDK, JSPECIFY), Stream.of(others)).toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(all))
                .check(CLI);
    }
}
