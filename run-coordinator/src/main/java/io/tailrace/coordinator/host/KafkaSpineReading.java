package io.tailrace.coordinator.host;

import io.tailrace.coordinator.topology.InputPositions.Bounds;
import io.tailrace.coordinator.topology.SpineReading;
import io.tailrace.coordinator.topology.SpineTooLong;
import io.tailrace.events.log.Topic;
import io.tailrace.service.kafka.ClientName;
import io.tailrace.service.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads the spine with consumers that are made for the one reading, so that nobody waits for another's. {@link #close} ends
 * the readings that are under way, with a {@link TimeoutException}, and waits for none. Thread-safe.
 */
final class KafkaSpineReading implements SpineReading, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final KafkaClients kafka;
    private final ClientName name;
    private final Duration nothingFor;
    private final Runnable moved;
    private final Set<Consumer<byte[], byte[]>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Reads nothing yet.
     *
     * @param process what its clients are named after
     * @param nothingFor what does not get on for so long is given up: longer than a transaction stays open whose writer
     *     has died (decision 015)
     * @param moved is told, on the reading thread, when a reading begins and when it gets on
     */
    KafkaSpineReading(KafkaClients kafka, String process, Duration nothingFor, Runnable moved) {
        this.kafka = kafka;
        this.name = new ClientName(process, "spine");
        this.nothingFor = nothingFor;
        this.moved = moved;
    }

    @Override
    public long read(
            int partition, long from, long most, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        TopicPartition place = new TopicPartition(Topic.RUN_EVENTS.topicName(), partition);
        moved.run();
        // What is there, committed or not.
        Bounds bounds = with("read_uncommitted", it -> ThreadPositions.bounds(it, place));
        long first = from < bounds.start() || from > bounds.end() ? bounds.start() : from;
        if (bounds.end() - first > most) {
            throw new SpineTooLong(partition, first, bounds.end());
        }
        return first == bounds.end()
                ? first
                : with("read_committed", it -> read(it, place, new Bounds(first, bounds.end()), visitor));
    }

    private long read(
            Consumer<byte[], byte[]> consumer,
            TopicPartition place,
            Bounds bounds,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        consumer.assign(List.of(place));
        consumer.seek(place, bounds.start());
        long next = bounds.start();
        long got = System.nanoTime();
        while (next < bounds.end()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(place)) {
                if (record.offset() < bounds.end()) {
                    visitor.accept(record);
                }
            }
            if (closed) {
                throw ending();
            }
            long now = consumer.position(place);
            if (now > next) {
                got = System.nanoTime();
                next = now;
                moved.run();
            } else if (System.nanoTime() - got > nothingFor.toNanos()) {
                throw new TimeoutException("what is at " + place + "@" + next + " has neither been committed nor"
                        + " aborted for " + nothingFor.toSeconds() + " s");
            }
        }
        return bounds.end();
    }

    private <T> T with(String isolation, Function<Consumer<byte[], byte[]>, T> reading) {
        Consumer<byte[], byte[]> consumer = consumer(isolation);
        open.add(consumer);
        try {
            if (closed) {
                throw ending();
            }
            return reading.apply(consumer);
        } catch (WakeupException e) {
            throw ending();
        } finally {
            open.remove(consumer);
            consumer.close(CloseOptions.timeout(CLOSE_WITHIN));
        }
    }

    private static TimeoutException ending() {
        return new TimeoutException("the session is ending");
    }

    private Consumer<byte[], byte[]> consumer(String isolation) {
        return kafka.consumer(
                name,
                Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        10_000,
                        // At the end of what is committed the broker is asked again soon.
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        50));
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(Consumer::wakeup);
    }
}
