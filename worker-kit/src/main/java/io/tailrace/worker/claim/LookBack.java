package io.tailrace.worker.claim;

import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.reading.Fence.Judgment;
import io.tailrace.events.reading.Fence.Verdict;
import io.tailrace.worker.attempt.AttemptId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads back up to an attempt's own claim and judges by the {@link Fence} whether it made the worker the holder. Confined to one thread.
 *
 * <p>It looks no further back than a second delivery of the same request can be old: the request's lock. What ended the stage, or
 * dispatched it again, before that is known from the board.
 */
public final class LookBack implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);

    /** Fewer records than this are read faster than the broker is asked for an offset. */
    private static final int RECORDS_READ_IN_NO_TIME = 500;

    private final Consumer<byte[], byte[]> consumer;
    private final Duration howFar;

    /**
     * A look-back with its own consumer.
     *
     * @param consumer with byte keys and values and no group, reading uncommitted: nobody writes the stages' topics in transactions, and
     *     nothing must hold the look back
     * @param howFar more than the lock of a request lasts
     */
    public LookBack(Consumer<byte[], byte[]> consumer, Duration howFar) {
        this.consumer = consumer;
        this.howFar = howFar;
    }

    /**
     * Whether the claim at this position made its worker the holder, and nothing has ended the stage before it.
     *
     * @param claim where the claim is, and when the broker took it
     * @param chapterFrom nothing of the stage lies before it
     * @throws TimeoutException when the log does not give the records within 10 s
     */
    public boolean isHolder(AttemptId id, LogPosition claim, Instant claimedAt, LogPosition chapterFrom) {
        TopicPartition partition = new TopicPartition(claim.topic().topicName(), claim.partition());
        consumer.assign(List.of(partition));
        consumer.seek(partition, startOf(partition, claim, claimedAt, chapterFrom));
        byte[] key = KafkaRecords.key(id.stage().run());
        Fence fence = Fence.OPEN;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (!KafkaRecords.isKeyedBy(record.key(), key)) {
                    continue;
                }
                Optional<Judgment> judgment = judge(fence, id, record);
                if (record.offset() == claim.offset()) {
                    return judgment.filter(it -> it.verdict() == Verdict.CLAIMS).isPresent();
                }
                fence = judgment.map(Judgment::next).orElse(fence);
            }
            if (consumer.position(partition) > claim.offset()) {
                return false; // the claim is not where the broker said that it is: the log was rewritten
            }
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("the claim at " + claim + " could not be read back within " + PATIENCE);
            }
        }
    }

    private long startOf(TopicPartition partition, LogPosition claim, Instant claimedAt, LogPosition chapterFrom) {
        long chapter = Math.min(chapterFrom.offset(), claim.offset());
        if (claim.offset() - chapter < RECORDS_READ_IN_NO_TIME) {
            return chapter;
        }
        Optional<OffsetAndTimestamp> recent = Optional.ofNullable(consumer.offsetsForTimes(
                        Map.of(partition, claimedAt.minus(howFar).toEpochMilli()))
                .get(partition));
        return Math.max(chapter, recent.map(OffsetAndTimestamp::offset).orElse(chapter));
    }

    private static Optional<Judgment> judge(Fence fence, AttemptId id, ConsumerRecord<byte[], byte[]> record) {
        return KafkaRecords.eventHeaders(record)
                .filter(headers -> headers.stage().equals(Optional.of(id.stage())))
                .map(fence::judge);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
