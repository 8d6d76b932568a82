package io.tailrace.gateway.subscription;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.kafka.LogProducer;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.problem.SubscriptionProblem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Writes subscriptions to the log. Blocks its callers, bounded; thread-safe. */
final class SubscriptionWriter implements AutoCloseable {
    private final LogProducer producer;
    private final LogConnection connection;
    private final Duration within;

    SubscriptionWriter(LogProducer producer, LogConnection connection, Duration within) {
        this.producer = producer;
        this.connection = connection;
        this.within = within;
    }

    /**
     * Stores a subscription, in place of what there is.
     *
     * @return the offset after it
     * @throws RunProblem {@code log_unreachable}, or {@code subscription_unconfirmed}
     */
    long put(String id, List<RunId> runs) throws InterruptedException {
        return write(id, Subscription.lines(runs));
    }

    /** Deletes one. Returns and throws as {@link #put}. */
    long delete(String id) throws InterruptedException {
        return write(id, null);
    }

    private long write(String id, byte @Nullable [] value) throws InterruptedException {
        if (connection.epoch().isEmpty() || connection.unreachable().isPresent()) {
            throw RunProblem.logUnreachable();
        }
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topic.SUBSCRIPTIONS.topicName(), 0, id.getBytes(StandardCharsets.UTF_8), value);
        try {
            return producer.get()
                            .send(record)
                            .get(within.toMillis(), TimeUnit.MILLISECONDS)
                            .offset()
                    + 1;
        } catch (InterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (ExecutionException | TimeoutException | KafkaException _) {
            throw SubscriptionProblem.unconfirmed();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
