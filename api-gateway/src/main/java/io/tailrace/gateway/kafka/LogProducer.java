package io.tailrace.gateway.kafka;

import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * An idempotent producer, {@code acks=all}, that gives up within a bound. It is made when it is first needed, because a
 * name of a broker that cannot be resolved yet must not keep the process from starting. Thread-safe.
 */
public final class LogProducer implements AutoCloseable {
    /** Kafka's own. */
    private static final int MAX_REQUEST_BYTES = 1024 * 1024;

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final KafkaClients kafka;
    private final ClientName name;
    private final int withinMillis;
    private final String compression;
    private final int maxRequestBytes;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Producer<byte[], byte[]> producer;

    /**
     * Connects to nothing yet.
     *
     * @param purpose what it is for, in the broker's logs and in metrics
     * @param within after which a record that the log has not taken has failed
     * @param compression {@code none} for what is compressed already
     */
    public LogProducer(KafkaClients kafka, String purpose, Duration within, String compression) {
        this(kafka, purpose, within, compression, MAX_REQUEST_BYTES);
    }

    /** @param maxRequestBytes room for the largest record, before it is compressed */
    public LogProducer(KafkaClients kafka, String purpose, Duration within, String compression, int maxRequestBytes) {
        this.maxRequestBytes = maxRequestBytes;
        this.kafka = kafka;
        this.name = new ClientName(LogConnection.PROCESS, purpose);
        this.withinMillis = Math.toIntExact(within.toMillis());
        this.compression = compression;
    }

    /**
     * The producer. The first call makes it.
     *
     * @throws KafkaException if it cannot be made; the next call tries again
     */
    public Producer<byte[], byte[]> get() {
        Producer<byte[], byte[]> made = producer;
        if (made != null) {
            return made;
        }
        making.lock();
        try {
            made = producer;
            if (made == null) {
                made = kafka.producer(name, configuration());
                producer = made;
            }
            return made;
        } finally {
            making.unlock();
        }
    }

    private Map<String, Object> configuration() {
        return Map.of(
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                compression,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                maxRequestBytes,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                withinMillis,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.max(1, withinMillis / 2),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                withinMillis);
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> made = producer;
        if (made != null) {
            made.close(CLOSE_WITHIN);
        }
    }
}
