package io.tailrace.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules that keep the gateway's rooms apart. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tailrace.gateway");

    /** Adapters to Kafka: the only classes that see its client's types. */
    private static final String KAFKA_ADAPTERS =
            "LogConnection|KafkaCommandLog|ReadModelTail|ReadModel|RunViews|DefinitionReader|ArtifactLog|HighWatermarks|LogProducer|LogWriter|DecisionLooks|DecisionWatch|CursorKeyLog|CursorKeyReader|RepositoryWriter|KafkaCheckpoints|SubscriptionReader|SubscriptionWriter";

    private static Arguments rule(String name, ArchRule rule) {
        return Arguments.of(name, rule);
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                rule(
                        "features are free of cycles",
                        slices().matching("io.tailrace.gateway.(*)..").should().beFreeOfCycles()),
                rule(
                        "Kafka's client is known to its adapters alone",
                        noClasses()
                                .that()
                                .haveNameNotMatching(".*\\.(" + KAFKA_ADAPTERS + ")(\\$.*)?")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("org.apache.kafka..")),
                rule(
                        "Avro is known to the codec alone",
                        noClasses().should().dependOnClassesThat().resideInAPackage("org.apache.avro..")),
                rule(
                        "Spring's web layer is known to those who serve HTTP alone",
                        noClasses()
                                .that()
                                .resideInAnyPackage(
                                        "io.tailrace.gateway.runs..",
                                        "io.tailrace.gateway.command..",
                                        "io.tailrace.gateway.recipe..",
                                        "io.tailrace.gateway.kafka..",
                                        "io.tailrace.gateway.json..",
                                        "io.tailrace.gateway.view..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "org.springframework.web..",
                                        "org.springframework.http..",
                                        "jakarta.servlet..")),
                rule(
                        "a view knows nothing of the connections that it is for",
                        noClasses()
                                .that()
                                .implement("io.tailrace.gateway.view.StreamView")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "io.tailrace.gateway.stream..", "org.springframework..", "jakarta..")),
                rule(
                        "Jetty is known to those who shape its answers and limits alone",
                        noClasses()
                                .that()
                                .resideOutsideOfPackages(
                                        "io.tailrace.gateway.problem..",
                                        "io.tailrace.gateway.stream..",
                                        "io.tailrace.gateway.connection..",
                                        "io.tailrace.gateway.access..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("org.eclipse.jetty..")),
                rule(
                        "the catalogue's memory knows neither Kafka nor Spring",
                        noClasses()
                                .that()
                                .haveNameMatching(
                                        ".*\\.runs\\.(RunCatalogue|CatalogueEntry|HeldView|PageKey|RunFilter|RunPage)(\\$.*)?")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage("org.apache.kafka..", "org.springframework..")),
                rule(
                        "time and chance come from outside",
                        noClasses()
                                .that()
                                .haveSimpleNameNotEndingWith("Configuration")
                                .should()
                                .callMethod(Instant.class, "now")
                                .orShould()
                                .callMethod(UUID.class, "randomUUID")
                                .orShould()
                                .callMethod(System.class, "currentTimeMillis")),
                rule(
                        "beans are wired in configurations: no field injection, no component scan",
                        noFields()
                                .should()
                                .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
                                .orShould()
                                .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")),
                rule(
                        "other services are not seen",
                        noClasses()
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "io.tailrace.coordinator..",
                                        "io.tailrace.worker..",
                                        "io.tailrace.builds..",
                                        "io.tailrace.cli..",
                                        "io.tailrace.local..")),
                rule(
                        "the application is alone in the root package",
                        classes()
                                .that()
                                .resideInAPackage("io.tailrace.gateway")
                                .and()
                                .haveSimpleNameNotEndingWith("package-info")
                                .should()
                                .haveSimpleName("GatewayApplication")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void rulesHold(String name, ArchRule rule) {
        rule.check(CLASSES);
    }
}
