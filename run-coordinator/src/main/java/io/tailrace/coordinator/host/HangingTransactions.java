package io.tailrace.coordinator.host;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that a partition still holds open although the brokers' transaction coordinator has finished them:
 * seen after a kill -9 of broker and coordinator at the same moment. Nobody would ever end such a one, and nobody reads
 * past it. (KIP-664 describes them.)
 *
 * <p>A transaction that goes on is never touched, and no clock is asked for it: what a partition holds open before
 * <em>and</em> after the transaction coordinator was asked was open when it answered, and then either it says so too,
 * or it will never end it.
 */
final class HangingTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final String OFFSETS = "__consumer_offsets";
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final Admin admin;

    HangingTransactions(Admin admin) {
        this.admin = admin;
    }

    /**
     * Looks through the topics whose names begin like this, and through where a group's offsets lie (nobody is told these
     * while a transaction that changes them is open), and aborts what hangs. Blocks, bounded.
     *
     * @return how many hung
     */
    int abort(String prefix, String group) throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> topics = waitFor(
                admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
        // On their own, and first: for the group's offsets a right may be missing.
        int ours = abort(
                partitions(topics.stream().filter(it -> it.startsWith(prefix)).toList()));
        return topics.contains(OFFSETS) ? ours + abort(offsetsOf(group)) : ours;
    }

    private int abort(Set<TopicPartition> partitions)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<OpenTransaction, AbortTransactionSpec> hanging = heldOpen(partitions);
        Set<Long> goingOn = goingOn();
        hanging.keySet().removeIf(it -> goingOn.contains(it.producerId()));
        if (!hanging.isEmpty()) {
            hanging.keySet().retainAll(heldOpen(partitions).keySet());
        }
        for (Map.Entry<OpenTransaction, AbortTransactionSpec> it : hanging.entrySet()) {
            OpenTransaction transaction = it.getKey();
            LOG.error(
                    "{} holds a transaction open at {} that has been finished: aborting it",
                    transaction.partition(),
                    transaction.startOffset());
            waitFor(admin.abortTransaction(it.getValue()).all());
        }
        return hanging.size();
    }

    private Set<TopicPartition> partitions(Collection<String> topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        Set<TopicPartition> partitions = new HashSet<>();
        waitFor(admin.describeTopics(topics).allTopicNames())
                .forEach((name, topic) ->
                        topic.partitions().forEach(it -> partitions.add(new TopicPartition(name, it.partition()))));
        return partitions;
    }

    /** The brokers keep all that a group commits in one partition, by the hash of its name. */
    private Set<TopicPartition> offsetsOf(String group)
            throws InterruptedException, ExecutionException, TimeoutException {
        int partitions = partitions(List.of(OFFSETS)).size();
        return Set.of(new TopicPartition(OFFSETS, (group.hashCode() & Integer.MAX_VALUE) % partitions));
    }

    /** What the partitions hold open, and how to abort each. */
    private Map<OpenTransaction, AbortTransactionSpec> heldOpen(Set<TopicPartition> partitions)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<OpenTransaction, AbortTransactionSpec> open = new HashMap<>();
        Map<TopicPartition, PartitionProducerState> states =
                waitFor(admin.describeProducers(partitions).all());
        states.forEach((partition, state) -> {
            for (ProducerState producer : state.activeProducers()) {
                producer.currentTransactionStartOffset()
                        .ifPresent(start -> open.put(
                                new OpenTransaction(partition, producer.producerId(), start),
                                new AbortTransactionSpec(
                                        partition,
                                        producer.producerId(),
                                        (short) producer.producerEpoch(),
                                        producer.coordinatorEpoch().orElse(-1))));
            }
        });
        return open;
    }

    /** The producers whose transactions go on, or are just being ended, says the transaction coordinator. */
    private Set<Long> goingOn() throws InterruptedException, ExecutionException, TimeoutException {
        Set<Long> producers = new HashSet<>();
        for (TransactionListing listing : waitFor(admin.listTransactions().all())) {
            if (listing.state() != TransactionState.COMPLETE_ABORT
                    && listing.state() != TransactionState.COMPLETE_COMMIT
                    && listing.state() != TransactionState.EMPTY) {
                producers.add(listing.producerId());
            }
        }
        return producers;
    }

    private static <T> T waitFor(KafkaFuture<T> answer)
            throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @param startOffset where its first record in the partition lies */
    private record OpenTransaction(TopicPartition partition, long producerId, long startOffset) {}
}
