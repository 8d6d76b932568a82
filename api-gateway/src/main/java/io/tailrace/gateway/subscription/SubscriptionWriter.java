package io.tailrace.gateway.subscription;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.kafka.LogWriter;
import io.tailrace.gateway.problem.RunProblem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes subscriptions to the log. Blocks its callers, bounded; thread-safe. */
final class SubscriptionWriter implements AutoCloseable {
    private final LogWriter log;

    SubscriptionWriter(LogWriter log) {
        this.log = log;
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
        byte[] key = id.getBytes(StandardCharsets.UTF_8);
        return log.send(new ProducerRecord<>(Topic.SUBSCRIPTIONS.topicName(), 0, key, value))
                        .offset()
                + 1;
    }

    @Override
    public void close() {
        log.close();
    }
}
