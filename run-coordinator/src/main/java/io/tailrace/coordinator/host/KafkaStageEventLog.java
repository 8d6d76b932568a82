package io.tailrace.coordinator.host;

import io.tailrace.coordinator.topology.CoordinatorMetrics;
import io.tailrace.coordinator.topology.StageEventLog;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.kafka.TraceHeader;
import io.tailrace.events.log.TraceContext;
import io.tailrace.events.stage.StageEvent;
import io.tailrace.events.stage.StageFact;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends with a plain idempotent producer. What the broker has not taken after some seconds is given up: ticks and
 * forced ends that arrive late are of no use. A tick is left out while the partition's last one is still on its way.
 */
final class KafkaStageEventLog implements StageEventLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaStageEventLog.class);
    private static final Duration GIVE_UP = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final KafkaRecords records;
    private final CoordinatorMetrics metrics;
    private final Set<TopicPartition> ticksOnTheirWay = ConcurrentHashMap.newKeySet();

    private KafkaStageEventLog(Producer<byte[], byte[]> producer, KafkaRecords records, CoordinatorMetrics metrics) {
        this.producer = producer;
        this.records = records;
        this.metrics = metrics;
    }

    static KafkaStageEventLog open(
            KafkaClients kafka, String process, KafkaRecords records, CoordinatorMetrics metrics) {
        Producer<byte[], byte[]> producer = kafka.producer(
                new ClientName(process, "ticks"),
                Map.of(
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        2000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        Math.toIntExact(GIVE_UP.toMillis()),
                        // A stream thread calls: it must not stand still for long where the topic's leaders are not
                        // known.
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        500));
        return new KafkaStageEventLog(producer, records, metrics);
    }

    @Override
    public void append(int partition, StageEvent event, Optional<TraceContext> trace) {
        boolean tick = event.payload() instanceof StageFact.Tick;
        ProducerRecord<byte[], byte[]> record = TraceHeader.on(records.stageEvent(partition, event), trace);
        TopicPartition place = new TopicPartition(record.topic(), partition);
        if (tick && !ticksOnTheirWay.add(place)) {
            return;
        }
        try {
            Future<RecordMetadata> _ = producer.send(record, (_, failure) -> {
                if (tick) {
                    ticksOnTheirWay.remove(place);
                }
                if (failure != null) {
                    failed(place, tick, failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            ticksOnTheirWay.remove(place);
            failed(place, tick, e);
        }
    }

    private void failed(TopicPartition place, boolean tick, Exception failure) {
        metrics.failedAppend();
        LOG.warn("A {} could not be appended to {}: {}", tick ? "tick" : "forced end", place, failure.toString());
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }
}
