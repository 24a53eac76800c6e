package io.mortmain;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Which room may use which: dependencies point downwards only. */
class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter().importPath(Path.of("target", "classes"));
    private static final String JDK = "java..";
    private static final String JSPECIFY = "org.jspecify.annotations";
    private static final String DOOR = "io.mortmain";
    private static final String ERRORS = "io.mortmain.errors";
    private static final String REGION = "io.mortmain.internal.region";
    private static final String LOCK = "io.mortmain.internal.lock";
    private static final String OWNER = "io.mortmain.internal.owner";
    private static final String WORDS = "io.mortmain.internal.words";
    private static final String LAYOUT = "io.mortmain.internal.layout";
    private static final String LINUX = "io.mortmain.internal.linux";
    private static final String OBSERVE = "io.mortmain.internal.observe";

    @Test
    void shouldPointDownwardsOnly() {
        mayUse(ERRORS);
        mayUse(OBSERVE, "jdk.jfr..");
        // layouts of the kernel's answers are used in the Linux layer, and the size of a mutex is the platform's
        mayUse(LINUX, LAYOUT);
        mayUse(LAYOUT, LINUX);
        mayUse(WORDS, LAYOUT, LINUX);
        mayUse(OWNER, ERRORS, WORDS, LAYOUT, LINUX);
        mayUse(LOCK, ERRORS, OWNER, WORDS, LAYOUT, LINUX);
        mayUse(REGION, ERRORS, LOCK, OWNER, WORDS, LAYOUT, LINUX);
    }

    @Test
    void shouldUseNothingButTheJdk() {
        check(classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(JDK, "jdk.jfr..", JSPECIFY, "io.mortmain..")));
    }

    @Test
    void shouldNotReachTheDoorFromInside() {
        check(noClasses().that(not(resideInAnyPackage(DOOR))).should().dependOnClassesThat(resideInAnyPackage(DOOR)));
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
                .doNotHaveFullyQualifiedName(REGION + ".ObjectDirectory")
                .and()
                .doNotHaveFullyQualifiedName(REGION + ".HeldSlots") // a fence only
                .and()
                .doNotHaveFullyQualifiedName(LINUX + ".Native")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(VarHandle.class));
    }

    private static void mayUse(String room, String... others) {
        String[] all = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(room, JDK, JSPECIFY), java.util.stream.Stream.of(others))
                .toArray(String[]::new);
        check(classes().that().resideInAPackage(room).should().onlyDependOnClassesThat(resideInAnyPackage(all)));
    }

    private static void check(ArchRule rule) {
        rule.check(CORE);
    }
}
