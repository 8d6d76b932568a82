package io.tailrace.sandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every worker can take this module: it brings no framework and knows nothing of what it is used for. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tailrace.sandbox");

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        slices().matching("io.tailrace.sandbox.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void knowsNothingOfTheWorkersThatUseIt() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.slf4j..", "org.jspecify..", "io.tailrace.sandbox..")
                .check(CLASSES);
    }

    @Test
    void processesKnowNothingOfWhatIsolatesThem() {
        noClasses()
                .that()
                .resideInAPackage("io.tailrace.sandbox.process..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tailrace.sandbox.isolation..", "io.tailrace.sandbox.folder..")
                .check(CLASSES);
    }

    @Test
    void timeAndIdsAreGiven() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(CLASSES);
    }
}
