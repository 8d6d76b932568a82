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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads run-events, all partitions, from some time ago onward, and keeps a {@link StageBoard} up to date, on a thread of its own. When the
 * log cannot be read, or is not the one any more that it was (it was cut off: positions carry leader epochs), it begins again with a new
 * consumer, a second later, for as long as it takes. The board takes everything twice without harm.
 */
public final class BoardTail implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BoardTail.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final EventCodec codec;
    private final StageBoard board;
    private final Duration reach;
    private final Runnable onFailure;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("board-tail").unstarted(this::run);
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Optional<Consumer<byte[], byte[]>> reading = Optional.empty();
    private Instant from;
    private boolean again;
    private boolean current;
    private Optional<Throwable> failure = Optional.empty();
    private final LongAdder undecodable = new LongAdder();

    /**
     * A tail that has not started.
     *
     * @param consumers makes one that is read-committed, with byte values and no group, and resets no offset by itself; the tail's alone
     * @param start when it starts, in the log's time
     * @param reach so long before that it begins to read, and so long before the last time that the board knew, where it begins again
     * @param onFailure told each time that it has failed and begins again, on the tail's thread
     */
    public BoardTail(
            Supplier<Consumer<byte[], byte[]>> consumers,
            EventCodec codec,
            StageBoard board,
            Instant start,
            Duration reach,
            Runnable onFailure) {
        this.consumers = consumers;
        this.codec = codec;
        this.board = board;
        this.from = start.minus(reach);
        this.reach = reach;
        this.onFailure = onFailure;
    }

    /** Begins to read. */
    public void start() {
        thread.start();
    }

    /** Waits until everything has been read that was in the log when it began, or began again. Answers whether that is so. */
    public synchronized boolean awaitCurrent(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (long left = patience.toMillis(); !current && left > 0; ) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
        return current;
    }

    /** Whether the board knows what the log had when the tail began, and follows it. */
    public synchronized boolean isCurrent() {
        return current;
    }

    /** Why it is not current, if it has failed since. */
    public synchronized Optional<Throwable> failure() {
        return failure;
    }

    /** Whether it can become current again: it was started, and its thread has not died. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Reads everything anew, because the log is another one. */
    public void beginAgain() {
        synchronized (this) {
            again = true;
            notCurrent();
        }
        reading.ifPresent(Consumer::wakeup);
    }

    private synchronized void begin() {
        again = false;
        notCurrent();
    }

    private synchronized boolean isToBeginAgain() {
        return again;
    }

    private synchronized void caughtUp() {
        current = !again;
        failure = Optional.empty();
        notifyAll();
    }

    private synchronized void failed(Throwable cause) {
        failure = Optional.of(cause);
        notCurrent();
    }

    /** What was current knew all up to the board's time. It need not be read as far back as at the start, which may be weeks ago. */
    private synchronized void notCurrent() {
        if (current) {
            Instant known = board.time().minus(reach);
            from = known.isAfter(from) ? known : from;
        }
        current = false;
    }

    /** How many records could not be decoded and were skipped. */
    public long undecodable() {
        return undecodable.sum();
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void run() {
        try {
            while (!isClosing()) {
                readUntilItFails();
                boolean _ = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Error e) {
            failed(e);
            throw e;
        }
    }

    private void readUntilItFails() {
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            reading = Optional.of(consumer);
            begin();
            Map<TopicPartition, Long> ends = seek(consumer);
            while (!isClosing() && !isToBeginAgain()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record);
                }
                boolean wasBehind = !ends.isEmpty();
                ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
                if (wasBehind && ends.isEmpty()) {
                    caughtUp();
                }
            }
        } catch (WakeupException e) {
            log.debug("Woken up to end or to begin again", e);
        } catch (RuntimeException e) {
            log.error(
                    "The tail of {} has failed and begins again; this worker learns of no cancel until then",
                    Topic.RUN_EVENTS.topicName(),
                    e);
            failed(e);
            onFailure.run();
        } finally {
            reading = Optional.empty();
        }
    }

    /** Where there is nothing recent, the last record is read all the same: it gives the position its leader epoch. */
    private Map<TopicPartition, Long> seek(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(Topic.RUN_EVENTS.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new KafkaException("there is no topic " + Topic.RUN_EVENTS.topicName());
        }
        Instant since = since();
        consumer.assign(partitions);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(partitions.stream()
                .collect(Collectors.toMap(it -> it, _ -> Math.max(0, since.toEpochMilli()))));
        for (TopicPartition partition : partitions) {
            Optional<OffsetAndTimestamp> start = Optional.ofNullable(starts.get(partition));
            long last = Math.max(beginnings.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L) - 1);
            consumer.seek(
                    partition,
                    new OffsetAndMetadata(
                            start.map(OffsetAndTimestamp::offset).orElse(last),
                            start.flatMap(OffsetAndTimestamp::leaderEpoch),
                            ""));
        }
        return ends;
    }

    private synchronized Instant since() {
        return from;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        boolean tellsSomething = KafkaRecords.eventHeaders(record)
                .flatMap(headers -> EventType.named(headers.type()))
                .filter(BoardTail::isOfInterest)
                .isPresent();
        if (!tellsSomething) {
            return;
        }
        RunEvent event;
        try {
            event = codec.decode(Topic.RUN_EVENTS, RunEvent.class, record.value());
        } catch (UndecodableRecord | RuntimeException e) { // to fail of it would be to fail for ever
            undecodable.increment();
            log.warn(
                    "Skipped {}-{}@{}, which cannot be decoded",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e);
            return;
        }
        board.apply(event, Instant.ofEpochMilli(record.timestamp()));
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
        closing.countDown();
        reading.ifPresent(Consumer::wakeup);
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
