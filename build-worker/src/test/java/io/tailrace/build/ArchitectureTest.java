package io.tailrace.build;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
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
            .importPackages("io.tailrace.build");

    @Test
    void featuresDoNotDependOnEachOtherInCircles() {
        slices().matching("io.tailrace.build.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void processesKnowNothingOfTheirWorker() {
        classes()
                .that()
                .resideInAPackage("io.tailrace.build.process..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.slf4j..",
                        "org.jspecify..",
                        "io.tailrace.build.process..",
                        "io.tailrace.events.build..")
                .check(CLASSES);
    }

    @Test
    void onlyTheProcessAroundTheBuildsKnowsSpring() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.tailrace.build.process..",
                        "io.tailrace.build.phase..",
                        "io.tailrace.build.recipe..",
                        "io.tailrace.build.isolation..",
                        "io.tailrace.build.environment..",
                        "io.tailrace.build.python..",
                        "io.tailrace.build.folder..")
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
