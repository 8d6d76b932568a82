package io.tailrace.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tailrace.worker");

    @Test
    void featuresDoNotDependOnEachOtherInCircles() {
        slices().matching("io.tailrace.worker.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheProcessAroundAWorkerKnowsSpring() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tailrace.worker.service")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(CLASSES);
    }

    /** But for the results of prompts, which stages of every kind can use. What all kinds of stages record, it may know. */
    @Test
    void theKitKnowsNoKindOfWork() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tailrace.worker.result")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tailrace.builds..", "io.tailrace.events.work..", "io.tailrace.turn..", "org.apache.avro..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("io\\.tailrace\\.events\\.stage\\.(?!Stage(Event|Fact)\\b).+")
                .check(CLASSES);
    }

    @Test
    void onlyAdaptersKnowTheKafkaClient() {
        noClasses()
                .that()
                .haveNameNotMatching(
                        ".*(AttemptWriter|FactEncoder|StageCodec|BoardTail|LookBack|Claims|RequestTaker|Worker"
                                + "|WorkerClients|LogWatch|PositionReader)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
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
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(CLASSES);
    }
}
