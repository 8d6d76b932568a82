package io.tailrace.coordinator.host;

import io.tailrace.coordinator.topology.BuildEventLog;
import io.tailrace.coordinator.topology.CoordinatorMetrics;
import io.tailrace.events.build.BuildEvent;
import io.tailrace.events.build.BuildFact;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends with a plain idempotent producer. What the broker has not taken after some seconds is given up: ticks and
 * forced ends that arrive late are of no use. A tick is left out while the partition's last one is still on its way.
 */
final class KafkaBuildEventLog implements BuildEventLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaBuildEventLog.class);
    private static final Duration GIVE_UP = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final KafkaRecords records;
    private final CoordinatorMetrics metrics;
    private final Set<Integer> ticksOnTheirWay = ConcurrentHashMap.newKeySet();

    private KafkaBuildEventLog(Producer<byte[], byte[]> producer, KafkaRecords records, CoordinatorMetrics metrics) {
        this.producer = producer;
        this.records = records;
        this.metrics = metrics;
    }

    static KafkaBuildEventLog open(
            KafkaSettings kafka, String clientId, KafkaRecords records, CoordinatorMetrics metrics) {
        Map<String, Object> config = kafka.client(clientId);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(GIVE_UP.toMillis()));
        // A stream thread calls: it must not stand still for long where the topic's leaders are not known.
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 500);
        return new KafkaBuildEventLog(
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()), records, metrics);
    }

    @Override
    public void append(int partition, BuildEvent event) {
        boolean tick = event.payload() instanceof BuildFact.Tick;
        if (tick && !ticksOnTheirWay.add(partition)) {
            return;
        }
        try {
            Future<RecordMetadata> _ = producer.send(records.buildEvent(partition, event), (_, failure) -> {
                if (tick) {
                    ticksOnTheirWay.remove(partition);
                }
                if (failure != null) {
                    failed(partition, event, failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            ticksOnTheirWay.remove(partition);
            failed(partition, event, e);
        }
    }

    private void failed(int partition, BuildEvent event, Exception failure) {
        metrics.failedAppend();
        LOG.warn(
                "A {} could not be appended to {}-{}: {}",
                event.payload().type().wireName(),
                Topic.BUILD_EVENTS.topicName(),
                partition,
                failure.toString());
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }
}
