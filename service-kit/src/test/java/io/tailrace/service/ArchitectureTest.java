package io.tailrace.service;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tailrace.service");

    @Test
    void featuresAreFreeOfCycles() {
        slices().matching("io.tailrace.service.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void springKafkaIsKnownInOnePlace() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.SpringFactories(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.kafka..")
                .check(CLASSES);
    }

    @Test
    void servicesAreUnknown() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tailrace.coordinator..",
                        "io.tailrace.gateway..",
                        "io.tailrace.worker..",
                        "io.tailrace.builds..",
                        "io.tailrace.turn..",
                        "io.tailrace.cli..",
                        "io.tailrace.local..")
                .check(CLASSES);
    }
}
