package io.tailrace.local.testing;

import io.tailrace.local.broker.ContainerEnvironment;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** The official Kafka image, through Testcontainers. Loaded only on request. */
final class ContainerBroker {

    static final String IMAGE = "apache/kafka:4.3.1";

    private ContainerBroker() {}

    /** Bootstrap servers of a container that ends with this JVM; empty where no engine can be reached. */
    @SuppressWarnings("resource") // Testcontainers' own reaper ends it with the JVM
    static Optional<String> start() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.empty();
        }
        KafkaContainer container =
                new KafkaContainer(DockerImageName.parse(IMAGE)).withEnv(ContainerEnvironment.variables(1));
        container.start();
        return Optional.of(container.getBootstrapServers());
    }
}
