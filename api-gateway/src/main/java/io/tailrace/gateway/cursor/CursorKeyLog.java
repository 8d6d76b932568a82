package io.tailrace.gateway.cursor;

import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.CursorKey;
import io.tailrace.gateway.kafka.LogProducer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Writes keys. Blocks, bounded. Confined to one thread. */
final class CursorKeyLog implements AutoCloseable {
    private final LogProducer producer;
    private final SecureRandom random;
    private final Duration within;

    CursorKeyLog(LogProducer producer, SecureRandom random, Duration within) {
        this.producer = producer;
        this.random = random;
        this.within = within;
    }

    /** The log has not taken the key, or not surely. */
    static final class NotWritten extends Exception {
        private static final long serialVersionUID = 1L;

        NotWritten(Throwable cause) {
            super(cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause);
        }
    }

    /**
     * Writes a new key under a name of its own, so that no two gateways replace each other's.
     *
     * @return the offset after it
     */
    long writeNew() throws NotWritten, InterruptedException {
        byte[] secret = new byte[CursorKey.BYTES];
        random.nextBytes(secret);
        byte[] number = new byte[16];
        random.nextBytes(number);
        String name = UUID.nameUUIDFromBytes(number).toString();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topic.CURSOR_KEYS.topicName(),
                0,
                name.getBytes(StandardCharsets.UTF_8),
                HexFormat.of().formatHex(secret).getBytes(StandardCharsets.US_ASCII));
        try {
            return producer.get()
                            .send(record)
                            .get(within.toMillis(), TimeUnit.MILLISECONDS)
                            .offset()
                    + 1;
        } catch (ExecutionException e) {
            throw new NotWritten(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException | KafkaException e) {
            throw new NotWritten(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
