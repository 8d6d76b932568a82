package io.tailrace.gateway.command;

import io.tailrace.events.command.RunCommand;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.gateway.kafka.KafkaSettings;
import io.tailrace.gateway.kafka.LogConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The command log in Kafka: one idempotent producer, {@code acks=all}. The producer is made when it is first needed,
 * because a name of a broker that cannot be resolved yet must not keep the process from starting.
 */
final class KafkaCommandLog implements CommandLog, AutoCloseable {
    private final KafkaSettings kafka;
    private final CommandSettings settings;
    private final LogConnection connection;
    private final KafkaRecords records;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Producer<byte[], byte[]> producer;

    KafkaCommandLog(KafkaSettings kafka, CommandSettings settings, LogConnection connection, KafkaRecords records) {
        this.kafka = kafka;
        this.settings = settings;
        this.connection = connection;
        this.records = records;
    }

    @Override
    public void append(RunCommand command) throws NotRecorded, InterruptedException {
        if (connection.epoch().isEmpty() || connection.unreachable().isPresent()) {
            throw new NotRecorded(true, new TimeoutException("the log cannot be reached"));
        }
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        Thread caller = Thread.currentThread();
        try {
            var _ = producer().send(records.command(command), (_, failure) -> {
                if (failure == null) {
                    done.complete(null);
                } else {
                    // Told on the caller's own thread: there was no metadata, and the record never went into a batch.
                    boolean surelyNot = Thread.currentThread().equals(caller);
                    done.completeExceptionally(new NotRecorded(surelyNot, failure));
                }
            });
        } catch (InterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (KafkaException | IllegalStateException e) {
            // Thrown, not reported: no producer, or a closed one. The record never went into a batch.
            throw new NotRecorded(true, e);
        }
        try {
            // The producer itself gives up in time; this is for a producer that does not.
            done.get(settings.sendWithin().plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NotRecorded known ? known : new NotRecorded(false, e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new NotRecorded(false, e);
        }
    }

    private Producer<byte[], byte[]> producer() {
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
        Map<String, Object> config = kafka.client("gateway-commands");
        int within = Math.toIntExact(settings.sendWithin().toMillis());
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        config.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Integer.toString(within));
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Integer.toString(Math.max(1, within / 2)));
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(within));
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return config;
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> made = producer;
        if (made != null) {
            made.close(Duration.ofSeconds(2));
        }
    }
}
