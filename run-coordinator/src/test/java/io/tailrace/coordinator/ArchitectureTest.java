package io.tailrace.coordinator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String OURS = "io.tailrace.coordinator";

    private final JavaClasses all = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(OURS);

    @Test
    void deciderAndProjectionKnowTheLanguageAndTheEventsAlone() {
        for (String pure : new String[] {"decide", "view"}) {
            String itself = OURS + "." + pure;
            classes()
                    .that()
                    .resideInAPackage(itself)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            itself,
                            "java.lang..",
                            "java.util..",
                            "java.time..",
                            "org.jspecify..",
                            "io.tailrace.events.stage",
                            "io.tailrace.events.command",
                            "io.tailrace.events.id",
                            "io.tailrace.events.log",
                            "io.tailrace.events.plan",
                            "io.tailrace.events.reading",
                            "io.tailrace.events.run",
                            "io.tailrace.events.text",
                            "io.tailrace.events.work")
                    .check(all);
        }
    }

    @Test
    void nobodyAsksForTheTimeOrForRandomIdsButTheWiring() {
        noClasses()
                .that()
                .resideInAnyPackage(OURS + ".decide", OURS + ".view", OURS + ".topology")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .check(all);
    }

    @Test
    void nothingSleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", Duration.class)
                .check(all);
    }

    @Test
    void springIsKnownToTheHostAlone() {
        noClasses()
                .that()
                .resideInAnyPackage(OURS + ".decide", OURS + ".view", OURS + ".topology")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(all);
    }

    @Test
    void rocksDbIsKnownInOnePlace() {
        noClasses()
                .that()
                .doNotHaveSimpleName("SharedRocksMemory")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .check(all);
    }

    @Test
    void featuresAreFreeOfCycles() {
        slices().matching(OURS + ".(*)..").should().beFreeOfCycles().check(all);
    }
}
