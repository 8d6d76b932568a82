package io.tailrace.local.testing;

import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.folder.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The one Kafka broker that all integration tests of a JVM share; started at first use, ended with the JVM. It is the
 * embedded broker, or with {@code -Dtailrace.kafka=container} the official image where a Docker-compatible engine is
 * present. Tests keep apart by their own topic names.
 */
public final class TestKafka {

    /** System property that asks for the container. */
    public static final String CHOICE = "tailrace.kafka";

    private final String bootstrapServers;
    private final String kind;

    private TestKafka(String bootstrapServers, String kind) {
        this.bootstrapServers = bootstrapServers;
        this.kind = kind;
    }

    /** Blocks while the broker starts, for the first caller some seconds. */
    public static TestKafka shared() {
        return Shared.INSTANCE;
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Which broker it is, for a person. */
    public String kind() {
        return kind;
    }

    private static TestKafka start() {
        boolean containerWanted = "container".equals(System.getProperty(CHOICE));
        Optional<TestKafka> container = containerWanted
                ? ContainerBroker.start().map(servers -> new TestKafka(servers, "container " + ContainerBroker.IMAGE))
                : Optional.empty();
        TestKafka chosen = container.orElseGet(TestKafka::embedded);
        String remark = containerWanted && container.isEmpty() ? " (no container engine was found)" : "";
        System.out.println("Kafka for tests: " + chosen.kind + " at " + chosen.bootstrapServers + remark);
        return chosen;
    }

    private static TestKafka embedded() {
        try {
            Path folder = Files.createTempDirectory("tailrace-test-kafka-");
            EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                broker.killHard();
                delete(folder);
            }));
            return new TestKafka(broker.bootstrapServers(), "embedded broker");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the broker for tests", e);
        }
    }

    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            System.err.println("cannot remove " + folder + ": " + e);
        }
    }

    private static final class Shared {
        private static final TestKafka INSTANCE = start();
    }
}
