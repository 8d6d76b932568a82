package io.tailrace.worker.board;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads run-events, all partitions, from some time ago onward, and keeps a {@link StageBoard} up to date, on a thread of its own. */
public final class BoardTail implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BoardTail.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final EventCodec codec;
    private final StageBoard board;
    private final Instant from;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("board-tail").unstarted(this::run);
    private volatile boolean running = true;
    private volatile Optional<Throwable> failure = Optional.empty();
    private final LongAdder undecodable = new LongAdder();

    /**
     * A tail that has not started.
     *
     * @param consumer read-committed, with byte values and no group; the tail's alone, closed by it
     * @param from where to begin, in the log's time
     */
    public BoardTail(Consumer<byte[], byte[]> consumer, EventCodec codec, StageBoard board, Instant from) {
        this.consumer = consumer;
        this.codec = codec;
        this.board = board;
        this.from = from;
    }

    /** Begins to read. */
    public void start() {
        thread.start();
    }

    /** Waits until everything that was in the log at the start has been read. Answers false when that took too long or failed. */
    public boolean awaitCaughtUp(Duration patience) throws InterruptedException {
        return caughtUp.await(patience.toMillis(), TimeUnit.MILLISECONDS) && failure.isEmpty();
    }

    /** Whether it has caught up once. */
    public boolean hasCaughtUp() {
        return caughtUp.getCount() == 0 && failure.isEmpty();
    }

    /** Why it reads no more, if it failed. */
    public Optional<Throwable> failure() {
        return failure;
    }

    /** How many records could not be decoded and were skipped. */
    public long undecodable() {
        return undecodable.sum();
    }

    private void run() {
        try (consumer) {
            Map<TopicPartition, Long> ends = seek();
            while (running) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record);
                }
                ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
                if (ends.isEmpty()) {
                    caughtUp.countDown();
                }
            }
        } catch (WakeupException e) {
            if (running) {
                fail(e);
            }
        } catch (RuntimeException e) {
            fail(e);
        } finally {
            caughtUp.countDown();
        }
    }

    private void fail(Throwable cause) {
        failure = Optional.of(cause);
        log.error(
                "The tail of {} has failed; this worker learns of no cancel any more",
                Topic.RUN_EVENTS.topicName(),
                cause);
    }

    private Map<TopicPartition, Long> seek() {
        List<TopicPartition> partitions = consumer.partitionsFor(Topic.RUN_EVENTS.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(it -> it, _ -> from.toEpochMilli())));
        for (TopicPartition partition : partitions) {
            Optional.ofNullable(starts.get(partition))
                    .ifPresentOrElse(
                            start -> consumer.seek(partition, start.offset()),
                            () -> consumer.seek(
                                    partition,
                                    Optional.ofNullable(ends.get(partition)).orElse(0L)));
        }
        return ends;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        boolean tellsSomething = KafkaRecords.eventHeaders(record)
                .flatMap(headers -> EventType.named(headers.type()))
                .filter(BoardTail::isOfInterest)
                .isPresent();
        if (!tellsSomething) {
            return;
        }
        try {
            RunEvent event = codec.decode(Topic.RUN_EVENTS, RunEvent.class, record.value());
            board.apply(event, Instant.ofEpochMilli(record.timestamp()));
        } catch (UndecodableRecord e) {
            undecodable.increment();
            log.warn(
                    "Skipped {}-{}@{}, which cannot be decoded",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e);
        }
    }

    private static boolean isOfInterest(EventType type) {
        return type == EventType.RUN_CANCEL_REQUESTED
                || type == EventType.RUN_COMPLETED
                || type == EventType.RUN_PROGRESS
                || type == EventType.STAGE_REDISPATCHED
                || type == EventType.TURN_CANCEL_REQUESTED
                || type == EventType.STAGE_FINISHED;
    }

    /** Stops reading; blocks for a moment. */
    @Override
    public void close() {
        running = false;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
