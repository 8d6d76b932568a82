package io.tailrace.events;

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
    private final JavaClasses main = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tailrace.events");

    @Test
    void theReadingRulesKnowOnlyJavaAndEvents() {
        classes()
                .that()
                .resideInAPackage("io.tailrace.events.reading..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.crypto..",
                        "org.jspecify..",
                        "io.tailrace.events.reading",
                        "io.tailrace.events.log",
                        "io.tailrace.events.id")
                .check(main);
    }

    @Test
    void onlyTheCodecKnowsAvro() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tailrace.events.codec..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.avro..")
                .check(main);
    }

    @Test
    void onlyTheAdapterKnowsKafka() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tailrace.events.kafka..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(main);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.tailrace.events.(*)..").should().beFreeOfCycles().check(main);
    }

    @Test
    void timeAndChanceComeFromOutside() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(main);
    }
}
