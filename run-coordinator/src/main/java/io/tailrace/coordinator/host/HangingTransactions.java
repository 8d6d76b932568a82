package io.tailrace.coordinator.host;

import java.time.Duration;
import java.util.ArrayList;
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
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that a partition still holds open although the brokers' transaction coordinator has finished them:
 * seen after a kill -9 of broker and coordinator at the same moment. Nobody would ever end such a one, and nobody reads
 * past it. (KIP-664 describes them, and how they are told from those that go on.) Blocks, bounded.
 */
final class HangingTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private HangingTransactions() {}

    /** Looks through the topics whose names begin like this, and aborts what hangs. Returns how many did. */
    static int abort(Admin admin, String prefix) throws InterruptedException, ExecutionException, TimeoutException {
        List<TopicPartition> partitions = new ArrayList<>();
        Set<String> topics = new HashSet<>(admin.listTopics().names().get(WITHIN.toMillis(), TimeUnit.MILLISECONDS));
        topics.removeIf(it -> !it.startsWith(prefix));
        admin.describeTopics(topics)
                .allTopicNames()
                .get(WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .forEach((name, topic) ->
                        topic.partitions().forEach(it -> partitions.add(new TopicPartition(name, it.partition()))));
        Set<Long> open = new HashSet<>();
        for (TransactionListing listing :
                admin.listTransactions().all().get(WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            if (listing.state() != TransactionState.COMPLETE_ABORT
                    && listing.state() != TransactionState.COMPLETE_COMMIT
                    && listing.state() != TransactionState.EMPTY) {
                open.add(listing.producerId());
            }
        }
        int aborted = 0;
        for (Map.Entry<TopicPartition, PartitionProducerState> partition : admin.describeProducers(partitions)
                .all()
                .get(WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .entrySet()) {
            for (ProducerState producer : partition.getValue().activeProducers()) {
                if (producer.currentTransactionStartOffset().isPresent() && !open.contains(producer.producerId())) {
                    LOG.error(
                            "{} holds a transaction open at {} that has been finished: aborting it",
                            partition.getKey(),
                            producer.currentTransactionStartOffset().getAsLong());
                    admin.abortTransaction(new AbortTransactionSpec(
                                    partition.getKey(),
                                    producer.producerId(),
                                    (short) producer.producerEpoch(),
                                    producer.coordinatorEpoch().orElse(-1)))
                            .all()
                            .get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
                    aborted++;
                }
            }
        }
        return aborted;
    }
}
