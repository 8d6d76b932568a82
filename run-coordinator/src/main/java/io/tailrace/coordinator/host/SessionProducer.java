package io.tailrace.coordinator.host;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;

/**
 * A stream thread's producer. After a commit, an abort or its offsets that timed out every later call fails with
 * {@link UnresolvedTransaction}, and closing is bounded (docs/decisions/015-a-session-ends-with-a-time-out.md). Confined
 * to the stream thread, as the producer inside is.
 */
final class SessionProducer implements Producer<byte[], byte[]> {
    private final Producer<byte[], byte[]> producer;
    private final String transactionalId;
    private final LeftBehind leftBehind;
    private volatile @Nullable UnresolvedTransaction unresolved;

    SessionProducer(Producer<byte[], byte[]> producer, String transactionalId, LeftBehind leftBehind) {
        this.producer = producer;
        this.transactionalId = transactionalId;
        this.leftBehind = leftBehind;
    }

    /**
     * How a transaction ends, and what to call that. Its offsets are part of it: Kafka Streams takes tasks whose offsets timed out for
     * corrupted, decides once more on the same records, and commits both in the transaction that is open still.
     */
    private void end(String what, Runnable ending) {
        Producer<byte[], byte[]> _ = usable();
        try {
            ending.run();
        } catch (TimeoutException | InterruptException e) {
            UnresolvedTransaction fate = new UnresolvedTransaction(transactionalId, what, e);
            unresolved = fate;
            throw fate;
        }
    }

    private Producer<byte[], byte[]> usable() {
        UnresolvedTransaction fate = unresolved;
        if (fate != null) {
            throw new UnresolvedTransaction(transactionalId, "an earlier transaction", fate);
        }
        return producer;
    }

    @Override
    public void commitTransaction() {
        end("a commit", producer::commitTransaction);
    }

    @Override
    public void abortTransaction() {
        end("an abort", producer::abortTransaction);
    }

    @Override
    public void initTransactions() {
        usable().initTransactions();
    }

    @Override
    public void beginTransaction() {
        usable().beginTransaction();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        end("the offsets of a transaction", () -> producer.sendOffsetsToTransaction(offsets, groupMetadata));
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return usable().send(record);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
        return usable().send(record, callback);
    }

    @Override
    public void flush() {
        usable().flush();
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return usable().partitionsFor(topic);
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return producer.metrics();
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        return producer.clientInstanceId(timeout);
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        producer.registerMetricForSubscription(metric);
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        producer.unregisterMetricFromSubscription(metric);
    }

    @Override
    public void close() {
        close(LeftBehind.CLOSE_WITHIN);
    }

    /** What has no outcome has nothing to wait for either. */
    @Override
    public void close(Duration timeout) {
        Duration atMost = unresolved != null
                ? Duration.ZERO
                : timeout.compareTo(LeftBehind.CLOSE_WITHIN) < 0 ? timeout : LeftBehind.CLOSE_WITHIN;
        leftBehind.close(transactionalId, () -> producer.close(atMost));
    }
}
