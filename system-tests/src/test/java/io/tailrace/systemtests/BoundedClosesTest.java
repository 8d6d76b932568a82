package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Nothing waits without a bound for a client of Kafka to close. Those of a try-with-resources count too: the compiler
 * writes the call. Closing a consumer is bounded by itself.
 */
class BoundedClosesTest {
    private static final Set<String> UNBOUNDED = Set.of(
            "org.apache.kafka.clients.admin.Admin",
            "org.apache.kafka.clients.admin.AdminClient",
            "org.apache.kafka.clients.producer.Producer",
            "org.apache.kafka.clients.producer.KafkaProducer",
            "org.apache.kafka.streams.KafkaStreams");

    @Test
    void noMainCodeClosesAClientWithoutABound() throws Exception {
        List<Path> classes = mainClasses();
        assertThat(classes).as("modules that are compiled").hasSizeGreaterThan(8);
        List<String> found = new ClassFileImporter()
                .importPaths(classes).stream()
                        .map(JavaClass::getMethodCallsFromSelf)
                        .flatMap(Set::stream)
                        .filter(BoundedClosesTest::isUnboundedClose)
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

    private static List<Path> mainClasses() throws IOException {
        try (Stream<Path> folders = Files.list(TailraceHome.locate())) {
            return folders.filter(it -> Files.isDirectory(it.resolve("src/main/java")))
                    .map(it -> it.resolve("target/classes"))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }
}
