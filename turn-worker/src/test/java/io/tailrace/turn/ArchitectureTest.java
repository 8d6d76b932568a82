package io.tailrace.turn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {

    private static final String PORT = "io.tailrace.turn.provider";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tailrace.turn");

    @Test
    void featuresDoNotDependOnEachOtherInCircles() {
        slices().matching("io.tailrace.turn.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("io.tailrace.turn.provider.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void thePortKnowsNoAdapterAndNoLibrary() {
        classes()
                .that()
                .resideInAPackage(PORT)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "io.tailrace.events.text", PORT)
                .check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource({
        "com.openai..,               provider.openai",
        "com.anthropic..,            provider.anthropic",
        "software.amazon..,          provider.bedrock",
        "org.reactivestreams..,      provider.bedrock",
        "reactor..,                  tool.mcp",
        "io.modelcontextprotocol..,  tool.mcp",
        "tools.jackson..,            tool.mcp",
        "org.yaml..,                 file"
    })
    void everyLibraryIsKnownToOnePackageOnly(String library, String adapter) {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tailrace.turn." + adapter + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }

    @Test
    void theHttpClientOfToolsIsKnownToThemOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tailrace.turn.tool..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.hc..")
                .check(CLASSES);
    }

    @Test
    void onlyTheRuntimeKnowsTheAdapters() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        PORT + ".runtime..",
                        PORT + ".openai..",
                        PORT + ".anthropic..",
                        PORT + ".bedrock..",
                        PORT + ".scripted..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        PORT + ".openai..", PORT + ".anthropic..", PORT + ".bedrock..", PORT + ".scripted..")
                .check(CLASSES);
    }

    @Test
    void theEnvironmentIsGiven() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Configuration")
                .should()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "getenv")
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
