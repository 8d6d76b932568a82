package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.kafka.Topics;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The topics at the brokers, read with a few pooled consumers. Thread-safe. */
final class KafkaLogSource implements LogSource, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);
    /** What is written is committed soon, or aborted when its writer's transaction has timed out. */
    private static final Duration COMMITTED_WITHIN = Duration.ofSeconds(20);

    private static final Duration LAGGING_LEADER = Duration.ofSeconds(1);
    private static final Duration SLICE = Duration.ofMillis(100);
    private static final int LOOK_AT_THE_CLOCK = 256;
    private static final Duration FIRST_DATA_WITHIN = Duration.ofMillis(500);

    private final Supplier<OptionalLong> epoch;
    private final Supplier<Optional<Admin>> admin;
    private final ScanPool pool;
    private final UnreadableRecords unreadable;
    private final SharedLookups lookups = new SharedLookups();
    private final CommittedEnds committed = new CommittedEnds(it -> end(it, IsolationLevel.READ_COMMITTED));
    private final Wakeup pauses = new Wakeup();

    /**
     * @param epoch the log's epoch as it was seen last
     * @param admin a client to ask the leaders with
     */
    KafkaLogSource(
            Supplier<OptionalLong> epoch,
            Supplier<Optional<Admin>> admin,
            ScanPool pool,
            UnreadableRecords unreadable) {
        this.epoch = epoch;
        this.admin = admin;
        this.pool = pool;
        this.unreadable = unreadable;
    }

    @Override
    public OptionalLong epoch() {
        return epoch.get();
    }

    @Override
    public long currentEpoch() throws LogUnreadable, InterruptedException {
        long now = asked(() -> Topics.epoch(client()));
        long end = System.nanoTime() + ANSWER_WITHIN.toNanos();
        while (!epoch.get().equals(OptionalLong.of(now))) {
            if (System.nanoTime() - end > 0) {
                throw new LogUnreadable("the log has just become another one");
            }
            pauses.await(LOOK_AGAIN);
        }
        return now;
    }

    private Admin client() throws LogUnreadable {
        return admin.get().orElseThrow(() -> new LogUnreadable("the log was not reached yet"));
    }

    /** Something that asks the brokers. */
    private interface Question<T> {
        T ask() throws LogUnreadable, InterruptedException, ExecutionException, TimeoutException;
    }

    private static <T> T asked(Question<T> question) throws LogUnreadable, InterruptedException {
        try {
            return question.ask();
        } catch (ExecutionException | TimeoutException e) {
            throw new LogUnreadable("the brokers did not answer: " + e.getMessage(), e);
        }
    }

    @Override
    public Place at(RunId run, LogPosition position) throws LogUnreadable, InterruptedException {
        return lookups.at(new SharedLookups.Key(epoch(), run, position), () -> lookUp(run, position));
    }

    /** What is not committed yet is waited for without a consumer, of which there are few. */
    private Place lookUp(RunId run, LogPosition position) throws LogUnreadable, InterruptedException {
        TopicPartition partition = partition(position);
        long asked = System.nanoTime();
        while (true) {
            if (committed.reaches(partition, position.offset())) {
                Optional<Place> place =
                        pool.scan(partition, position.offset(), Optional.empty(), it -> look(run, position, it));
                if (place.isPresent()) {
                    return place.get();
                }
            }
            long waited = System.nanoTime() - asked;
            boolean written = position.offset() < highWatermark(partition);
            if (!written && waited > LAGGING_LEADER.toNanos()) {
                return new Place.Beyond();
            }
            if (waited > COMMITTED_WITHIN.toNanos()) {
                throw new LogUnreadable("what is at " + position + " is not committed yet");
            }
            pauses.await(LOOK_AGAIN);
        }
    }

    /** Empty if there is nothing to be read yet. */
    private Optional<Place> look(RunId run, LogPosition position, ScanPool.Scanner scanner) {
        try {
            @Nullable ConsumerRecord<byte[], byte[]> record = scanner.next(FIRST_DATA_WITHIN);
            if (record == null) {
                return scanner.nextOffset() > position.offset() ? Optional.of(new Place.Other()) : Optional.empty();
            }
            if (record.offset() == position.offset() && KafkaRecords.isKeyedBy(record.key(), KafkaRecords.key(run))) {
                return KafkaRecords.logRecord(record)
                        .<Place>map(Place.Present::new)
                        .or(() -> Optional.of(new Place.Other()));
            }
            return Optional.of(new Place.Other());
        } catch (OffsetOutOfRangeException e) {
            return scanner.outOfRange(position.offset()) instanceof Chunk.Trimmed trimmed
                    ? Optional.of(new Place.Trimmed(trimmed.logStart()))
                    : Optional.empty();
        }
    }

    private KafkaFuture<Long> end(TopicPartition partition, IsolationLevel isolation) throws LogUnreadable {
        return client().listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(partition)
                .thenApply(ListOffsetsResultInfo::offset);
    }

    /**
     * The end of a partition, committed, with the epoch of its leader: who begins there notices if the log is cut off
     * below.
     */
    OffsetAndMetadata end(TopicPartition partition) throws LogUnreadable, InterruptedException {
        ListOffsetsResultInfo end = asked(() -> client().listOffsets(
                        Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(partition)
                .get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
        return new OffsetAndMetadata(end.offset(), end.leaderEpoch(), "");
    }

    private long highWatermark(TopicPartition partition) throws LogUnreadable, InterruptedException {
        return asked(() ->
                end(partition, IsolationLevel.READ_UNCOMMITTED).get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public Chunk scan(RunId run, LogPosition from, Optional<Passed> passed, long upTo, Sink sink)
            throws LogUnreadable, InterruptedException {
        long asked = System.nanoTime();
        while (true) {
            Optional<Chunk> chunk =
                    pool.scan(partition(from), from.offset(), passed, it -> read(run, from, upTo, sink, it));
            if (chunk.isPresent()) {
                return chunk.get();
            }
            // It may be a new leader that has not heard yet how far the log was committed.
            if (System.nanoTime() - asked > LAGGING_LEADER.toNanos()) {
                return new Chunk.Beyond();
            }
            pauses.await(LOOK_AGAIN);
        }
    }

    /** Empty if the log ends before the position. */
    private Optional<Chunk> read(RunId run, LogPosition from, long upTo, Sink sink, ScanPool.Scanner scanner) {
        byte[] key = KafkaRecords.key(run);
        long others = 0;
        long began = System.nanoTime();
        // Without an end that is known to be there, nothing may be all that there is.
        Duration patience = upTo < Long.MAX_VALUE ? FIRST_DATA_WITHIN : Duration.ZERO;
        boolean more = true;
        try {
            while (more && scanner.nextOffset() < upTo) {
                boolean moved = scanner.nextOffset() > from.offset();
                if (moved && scanner.isAtEnd()) {
                    break;
                }
                @Nullable ConsumerRecord<byte[], byte[]> record = scanner.next(POLL);
                if (record == null) {
                    more = !moved && System.nanoTime() - began < patience.toNanos();
                } else if (KafkaRecords.isKeyedBy(record.key(), key)) {
                    Optional<LogRecord> ours = KafkaRecords.logRecord(record);
                    if (ours.isEmpty()) {
                        unreadable.foreign(record);
                    }
                    more = ours.isEmpty() || sink.take(ours.get());
                } else if (++others % LOOK_AT_THE_CLOCK == 0) {
                    more = System.nanoTime() - began < SLICE.toNanos();
                }
            }
            return Optional.of(new Chunk.Read(scanner.nextOffset(), scanner.passed()));
        } catch (OffsetOutOfRangeException e) {
            return Optional.ofNullable(scanner.outOfRange(from.offset())).filter(it -> it instanceof Chunk.Trimmed);
        }
    }

    @Override
    public LogEnds ends(int partition) throws LogUnreadable, InterruptedException {
        Map<TopicPartition, OffsetSpec> question = new HashMap<>();
        LogEnds.TOPICS.forEach(it -> question.put(new TopicPartition(it.topicName(), partition), OffsetSpec.latest()));
        return asked(() -> {
            var answer = client().listOffsets(question, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
            Map<Topic, Long> ends = new EnumMap<>(Topic.class);
            for (Topic topic : LogEnds.TOPICS) {
                ends.put(topic, end(answer, new TopicPartition(topic.topicName(), partition)));
            }
            return new LogEnds(ends);
        });
    }

    private static long end(ListOffsetsResult answer, TopicPartition partition)
            throws InterruptedException, ExecutionException, TimeoutException {
        return answer.partitionResult(partition)
                .get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .offset();
    }

    private static TopicPartition partition(LogPosition position) {
        return new TopicPartition(position.topic().topicName(), position.partition());
    }

    @Override
    public void forget() {
        pool.forget();
        committed.forget();
    }

    @Override
    public void close() {
        pool.close();
    }
}
