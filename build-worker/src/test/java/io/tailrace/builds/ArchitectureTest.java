package io.tailrace.builds;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tailrace.builds");

    @Test
    void featuresDoNotDependOnEachOtherInCircles() {
        slices().matching("io.tailrace.builds.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheProcessAroundTheBuildsKnowsSpring() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.tailrace.sandbox.process..",
                        "io.tailrace.builds.phase..",
                        "io.tailrace.builds.input..",
                        "io.tailrace.builds.recipe..",
                        "io.tailrace.sandbox.isolation..",
                        "io.tailrace.builds.environment..",
                        "io.tailrace.builds.python..",
                        "io.tailrace.sandbox.folder..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "org.apache.kafka..", "io.micrometer..")
                .check(CLASSES);
    }

    @Test
    void onlyTheStagesKnowTheKafkaClient() {
        noClasses()
                .that()
                .doNotHaveSimpleName("BuildStages")
                .and()
                .doNotHaveSimpleName("KafkaArtifacts")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void otherServicesAreUnknown() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tailrace.coordinator..",
                        "io.tailrace.gateway..",
                        "io.tailrace.cli..",
                        "io.tailrace.local..")
                .check(CLASSES);
    }

    @Test
    void timeAndIdsAreGiven() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Configuration")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(CLASSES);
    }
}
