package io.tailrace.service.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * The clients inside Kafka Streams, from the complete configuration that Streams asks with. Its admin client is the one
 * exception: {@code ForwardingAdmin} makes its own from that configuration.
 */
public final class StreamsClients {
    private StreamsClients() {}

    /** A producer with the transactional id that it is told; not wrapped, and in no pool. */
    public static Producer<byte[], byte[]> producer(Map<String, Object> config) {
        return SpringFactories.producer(config);
    }

    /** A consumer. */
    public static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return SpringFactories.consumer(config);
    }

    /** A consumer that tells who it is before each poll, on the thread that polls. */
    public static Consumer<byte[], byte[]> consumer(
            Map<String, Object> config, java.util.function.Consumer<Consumer<byte[], byte[]>> polling) {
        return SpringFactories.consumer(config, polling);
    }
}
