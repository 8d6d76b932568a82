package io.tailrace.coordinator.host;

import io.tailrace.coordinator.topology.InputPositions;
import io.tailrace.service.kafka.StreamsClients;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * The clients of Kafka Streams, made so that no close of them is unbounded and that no producer goes on after a
 * transaction without an outcome. Closing a consumer is bounded by itself (30 s). Thread-safe.
 */
final class SessionClients implements KafkaClientSupplier {
    private final Function<Map<String, Object>, Producer<byte[], byte[]>> producers;
    private final LeftBehind leftBehind;
    private final ThreadPositions positions = new ThreadPositions();
    private final Set<String> transactionalIds = ConcurrentHashMap.newKeySet();

    SessionClients() {
        this(StreamsClients::producer, new LeftBehind());
    }

    SessionClients(Function<Map<String, Object>, Producer<byte[], byte[]>> producers, LeftBehind leftBehind) {
        this.producers = producers;
        this.leftBehind = leftBehind;
    }

    /** The transactional ids of all producers that were made. */
    Set<String> transactionalIds() {
        return Set.copyOf(transactionalIds);
    }

    LeftBehind leftBehind() {
        return leftBehind;
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        String id = String.valueOf(config.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG));
        transactionalIds.add(id);
        return new SessionProducer(producers.apply(config), id, leftBehind);
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return new BoundedAdmin(config, leftBehind);
    }

    /** Where the stream threads read, which are those that poll the consumers made here. */
    InputPositions positions() {
        return positions;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return positions.consumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return StreamsClients.consumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return StreamsClients.consumer(config);
    }

    private static final class BoundedAdmin extends ForwardingAdmin {
        private final LeftBehind leftBehind;

        BoundedAdmin(Map<String, Object> config, LeftBehind leftBehind) {
            super(config);
            this.leftBehind = leftBehind;
        }

        // Metrics are not pushed to the brokers (KafkaClients), and ForwardingAdmin refuses to hear of them.
        @Override
        public void registerMetricForSubscription(KafkaMetric metric) {}

        @Override
        public void unregisterMetricFromSubscription(KafkaMetric metric) {}

        @Override
        public void close(Duration timeout) {
            leftBehind.close("admin", () -> super.close(LeftBehind.CLOSE_WITHIN));
        }
    }
}
