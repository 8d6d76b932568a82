package io.tailrace.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses ours = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tailrace.cli");

    @Test
    void featuresAreFreeOfCycles() {
        slices().matching("io.tailrace.cli.(*)..").should().beFreeOfCycles().check(ours);
    }

    @Test
    void framingKnowsNeitherJsonNorCommands() {
        classes()
                .that()
                .resideInAPackage("..sse..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "..sse..")
                .check(ours);
    }

    @Test
    void displayKnowsNoConnections() {
        noClasses()
                .that()
                .resideInAPackage("..display..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "picocli..", "..sse..", "..runs..")
                .check(ours);
    }

    @Test
    void kafkaIsNotACommandsBusiness() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "kafka..")
                .check(ours);
    }
}
