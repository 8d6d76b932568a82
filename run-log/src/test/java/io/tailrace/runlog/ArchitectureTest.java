package io.tailrace.runlog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whatever wants to read runs can take this module: it brings no server, no framework and no format. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tailrace.runlog");

    @Test
    void knowsOnlyTheEventsKafkaAndMeters() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.tailrace.runlog..",
                        "io.tailrace.events..",
                        "org.apache.kafka..",
                        "io.micrometer.core..",
                        "org.slf4j..",
                        "org.jspecify..",
                        "java.lang..",
                        "java.nio..",
                        "java.time..",
                        "java.util..")
                .check(CLASSES);
    }

    @Test
    void neverDecodesAnEvent() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tailrace.events.codec..", "io.tailrace.events.stage..")
                .check(CLASSES);
    }

    @Test
    void onlyAdaptersKnowTheKafkaClient() {
        noClasses()
                .that()
                .haveNameNotMatching(
                        ".*\\.(CommittedEnds|KafkaConsumers|KafkaLogSource|KafkaRunLog|KafkaTail|LogAccess|UnreadableRecords|ScanPool)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void timeAndChanceComeFromOutside() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }
}
