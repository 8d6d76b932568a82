package io.tailrace.gateway.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * An idempotent producer, {@code acks=all}, that gives up within a bound. It is made when it is first needed, because a
 * name of a broker that cannot be resolved yet must not keep the process from starting. Thread-safe.
 */
public final class LogProducer implements AutoCloseable {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final KafkaSettings kafka;
    private final String clientId;
    private final int withinMillis;
    private final String compression;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Producer<byte[], byte[]> producer;

    /**
     * Connects to nothing yet.
     *
     * @param within after which a record that the log has not taken has failed
     * @param compression {@code none} for what is compressed already
     */
    public LogProducer(KafkaSettings kafka, String clientId, Duration within, String compression) {
        this.kafka = kafka;
        this.clientId = clientId;
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
                made = new KafkaProducer<>(configuration());
                producer = made;
            }
            return made;
        } finally {
            making.unlock();
        }
    }

    private Map<String, Object> configuration() {
        Map<String, Object> config = kafka.client(clientId);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        config.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, compression);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Integer.toString(withinMillis));
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Integer.toString(Math.max(1, withinMillis / 2)));
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(withinMillis));
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return config;
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> made = producer;
        if (made != null) {
            made.close(CLOSE_WITHIN);
        }
    }
}
