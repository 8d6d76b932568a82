package io.tailrace.runlog;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * How far partitions are committed, as it is known here: it only ever grows. Those who ask for the same partition at the
 * same moment share a question to its leader. Thread-safe.
 */
final class CommittedEnds {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);

    private final Leader leader;
    private final Map<TopicPartition, Long> known = new ConcurrentHashMap<>();
    private final Map<TopicPartition, KafkaFuture<Long>> underWay = new ConcurrentHashMap<>();

    /** Answers with the offset after the last record that is committed. */
    @FunctionalInterface
    interface Leader {
        KafkaFuture<Long> ask(TopicPartition partition) throws LogUnreadable;
    }

    CommittedEnds(Leader leader) {
        this.leader = leader;
    }

    /**
     * Whether the partition is committed beyond this offset. Blocks for the leader's answer if that is not known, and may
     * then say no though it has just become so.
     */
    boolean reaches(TopicPartition partition, long offset) throws LogUnreadable, InterruptedException {
        return known.getOrDefault(partition, 0L) > offset || asked(partition) > offset;
    }

    private long asked(TopicPartition partition) throws LogUnreadable, InterruptedException {
        KafkaFuture<Long> answer = underWay.get(partition);
        if (answer == null) {
            // Two who come here at once ask twice, and either answer is good.
            KafkaFuture<Long> mine = leader.ask(partition);
            underWay.put(partition, mine);
            answer = mine.whenComplete((_, _) -> underWay.remove(partition, mine));
        }
        try {
            long end = answer.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            known.merge(partition, end, Math::max);
            return end;
        } catch (ExecutionException | TimeoutException e) {
            throw new LogUnreadable("the leader of " + partition + " did not answer: " + e.getMessage(), e);
        }
    }

    /** What is known is of another log. */
    void forget() {
        known.clear();
        underWay.clear();
    }
}
