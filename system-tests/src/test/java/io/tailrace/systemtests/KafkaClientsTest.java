package io.tailrace.systemtests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** How the main code of all modules comes to clients of Kafka, and how it parts from them. */
class KafkaClientsTest {
    private static final Set<String> UNBOUNDED = Set.of(
            "org.apache.kafka.clients.admin.Admin",
            "org.apache.kafka.clients.admin.AdminClient",
            "org.apache.kafka.clients.producer.Producer",
            "org.apache.kafka.clients.producer.KafkaProducer",
            "org.apache.kafka.streams.KafkaStreams");

    private final JavaClasses main = new ClassFileImporter().importPaths(mainClasses());

    /** The service kit makes them, by spring-kafka. The local stack and the measurements are no services. */
    @Test
    void servicesHaveTheirClientsFromTheServiceKit() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tailrace.service..", "io.tailrace.local..", "io.tailrace.benchmarks..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("org\\.apache\\.kafka\\.clients\\.(producer\\.KafkaProducer"
                        + "|consumer\\.Kafka(Share)?Consumer|admin\\.(Kafka)?AdminClient)")
                .orShould()
                .callMethod(Admin.class, "create", Map.class)
                .orShould()
                .callMethod(Admin.class, "create", Properties.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.kafka..")
                .check(main);
    }

    /** Those of a try-with-resources count too: the compiler writes the call. Closing a consumer is bounded by itself. */
    @Test
    void nothingWaitsWithoutABoundForAClientToClose() {
        List<String> found = main.stream()
                .map(JavaClass::getMethodCallsFromSelf)
                .flatMap(Set::stream)
                .filter(KafkaClientsTest::isUnboundedClose)
                .map(it -> it.getDescription())
                .sorted()
                .toList();
        assertThat(found).isEmpty();
    }

    private static boolean isUnboundedClose(JavaMethodCall call) {
        return call.getName().equals("close")
                && call.getTarget().getRawParameterTypes().isEmpty()
                && UNBOUNDED.contains(call.getTargetOwner().getFullName());
    }

    private static List<Path> mainClasses() {
        try (Stream<Path> folders = Files.list(TailraceHome.locate())) {
            List<Path> classes = folders.filter(it -> Files.isDirectory(it.resolve("src/main/java")))
                    .map(it -> it.resolve("target/classes"))
                    .filter(Files::isDirectory)
                    .toList();
            assertThat(classes).as("modules that are compiled").hasSizeGreaterThan(8);
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
