package io.tailrace.gateway.cursor;

import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.CheckpointRef;
import io.tailrace.events.reading.PlacesCheckpoint;
import io.tailrace.events.reading.RunCursor.MalformedCursor;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.kafka.LogProducer;
import io.tailrace.gateway.problem.RunProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints in their topic. One consumer reads them, one after the other: a read is one fetch of a record whose offset is
 * known. Thread-safe.
 */
final class KafkaCheckpoints implements Checkpoints, AutoCloseable {
    private static final TopicPartition PARTITION = new TopicPartition(Topic.CHECKPOINTS.topicName(), 0);
    /** About what one record takes; a larger one comes all the same. */
    private static final int FETCH_BYTES = 64 * 1024;

    /** After so long without a record it is asked whether there can be one, in nanoseconds. */
    private static final long SOON = 500_000_000;

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final LogProducer producer;
    private final LogConnection connection;
    private final Duration within;
    private final ReentrantLock reading = new ReentrantLock();
    private @Nullable Consumer<byte[], byte[]> consumer;
    private boolean closed;

    /** @param within after which a checkpoint is not written, or cannot be read */
    KafkaCheckpoints(LogProducer producer, LogConnection connection, Duration within) {
        this.producer = producer;
        this.connection = connection;
        this.within = within;
    }

    @Override
    public CompletableFuture<CheckpointRef> write(byte[] checkpoint) {
        CompletableFuture<CheckpointRef> written = new CompletableFuture<>();
        // On a thread of its own: a producer that does not know the topic yet blocks who sends.
        var _ = Thread.ofVirtual().name("checkpoint").start(() -> send(checkpoint, written));
        return written;
    }

    private void send(byte[] checkpoint, CompletableFuture<CheckpointRef> written) {
        try {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(PARTITION.topic(), 0, null, checkpoint);
            var _ = producer.get().send(record, (metadata, failure) -> {
                if (failure == null) {
                    written.complete(CheckpointRef.of(metadata.offset(), checkpoint));
                } else {
                    written.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            // Whatever it is: who waits for this one begins no other.
            written.completeExceptionally(e);
        }
    }

    @Override
    public Optional<Stored> read(CheckpointRef ref) throws InterruptedException {
        long until = System.nanoTime() + within.toNanos();
        if (!reading.tryLock(within.toNanos(), TimeUnit.NANOSECONDS)) {
            throw RunProblem.logUnreadable(new TimeoutException("others read their checkpoints"));
        }
        try {
            return record(ref.offset(), until).flatMap(it -> stored(ref, it));
        } catch (OffsetOutOfRangeException _) {
            return Optional.empty();
        } catch (InterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (KafkaException e) {
            discard();
            throw RunProblem.logUnreadable(e);
        } finally {
            reading.unlock();
        }
    }

    private static Optional<Stored> stored(CheckpointRef ref, ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] value = record.value();
        if (value == null || !ref.isOf(value)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Stored(PlacesCheckpoint.parse(value), Instant.ofEpochMilli(record.timestamp())));
        } catch (MalformedCursor _) {
            // Of a later release, whose gateways know it.
            return Optional.empty();
        }
    }

    /** The first record from this offset on, which is another one if the log has not that one any more. */
    private Optional<ConsumerRecord<byte[], byte[]>> record(long offset, long until) {
        Consumer<byte[], byte[]> from = consumer();
        from.seek(PARTITION, offset);
        for (long left = within.toNanos(); left > 0; left = until - System.nanoTime()) {
            for (ConsumerRecord<byte[], byte[]> each : from.poll(Duration.ofNanos(Math.min(left, SOON)))) {
                return each.offset() == offset ? Optional.of(each) : Optional.empty();
            }
            if (endsAt(from, Duration.ofNanos(left)) <= offset) {
                // It was the last one, and the log has lost its end: nothing comes, and nothing says so.
                return Optional.empty();
            }
        }
        throw RunProblem.logUnreadable(new TimeoutException("no answer within " + within));
    }

    private static long endsAt(Consumer<byte[], byte[]> from, Duration within) {
        return Objects.requireNonNull(
                from.endOffsets(List.of(PARTITION), within).get(PARTITION));
    }

    private Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> made = consumer;
        if (made == null) {
            if (closed) {
                throw new KafkaException("the gateway ends");
            }
            made = connection.consumer(
                    Topic.CHECKPOINTS.topicName(),
                    Map.of(
                            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                            1,
                            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                            FETCH_BYTES,
                            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                            FETCH_BYTES));
            made.assign(List.of(PARTITION));
            consumer = made;
        }
        return made;
    }

    private void discard() {
        Consumer<byte[], byte[]> broken = consumer;
        consumer = null;
        if (broken != null) {
            broken.close(CloseOptions.timeout(CLOSE_WITHIN));
        }
    }

    @Override
    public void close() {
        producer.close();
        reading.lock();
        try {
            closed = true;
            discard();
        } finally {
            reading.unlock();
        }
    }
}
