package io.tailrace.worker.queue;

import io.tailrace.events.log.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds, on a thread of its own, whether two logs are still what they were. A queue that was cut off leaves its share
 * group's start beyond its end, and what is written up to there would never be delivered. Run-events that were made anew are another log
 * at the same offsets. Safe from any thread.
 */
final class LogWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LogWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** While the brokers are away that is a line a minute at most. */
    private static final int FAILURES_PER_LINE = 20;

    private final Admin admin;
    private final String group;
    private final Topic queue;
    private final Runnable runEventsMadeAnew;
    private final Runnable queueCutOff;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("log-watch").factory());
    private Optional<Uuid> runEvents = Optional.empty();
    private volatile boolean queueWhole = true;

    // Confined to the watch's thread.
    private long failedLooks;

    /**
     * A watch that has not started.
     *
     * @param admin the watch's alone, closed by it
     * @param runEventsMadeAnew called on the watch's thread
     * @param queueCutOff called on the watch's thread, once until the queue is whole again
     */
    LogWatch(Admin admin, String group, Topic queue, Runnable runEventsMadeAnew, Runnable queueCutOff) {
        this.admin = admin;
        this.group = group;
        this.queue = queue;
        this.runEventsMadeAnew = runEventsMadeAnew;
        this.queueCutOff = queueCutOff;
    }

    void start() {
        var _ = looks.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether the group reads everything that comes into the queue, as of the last look. */
    boolean isQueueWhole() {
        return queueWhole;
    }

    /** Looks once. */
    void look() {
        try {
            Map<String, TopicDescription> topics =
                    get(admin.describeTopics(List.of(queue.topicName(), Topic.RUN_EVENTS.topicName()))
                            .allTopicNames());
            lookAtRunEvents(described(topics, Topic.RUN_EVENTS));
            boolean isWhole = beyondTheEnd(partitions(topics)).isEmpty();
            if (queueWhole && !isWhole) {
                queueCutOff.run();
            }
            queueWhole = isWhole;
            failedLooks = 0;
        } catch (RuntimeException | TimeoutException e) { // whatever it is: the executor would never look again
            if (failedLooks++ % FAILURES_PER_LINE == 0) {
                log.warn("Could not look whether the queue is whole: {}", e.toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookAtRunEvents(TopicDescription found) {
        if (runEvents.filter(it -> !it.equals(found.topicId())).isPresent()) {
            log.error("{} was made anew; it is read from its beginning", found.name());
            runEventsMadeAnew.run();
        }
        runEvents = Optional.of(found.topicId());
    }

    private static TopicDescription described(Map<String, TopicDescription> topics, Topic topic) {
        TopicDescription found = topics.get(topic.topicName());
        if (found == null) {
            throw new KafkaException("the brokers left out " + topic.topicName());
        }
        return found;
    }

    private List<TopicPartition> partitions(Map<String, TopicDescription> topics) {
        return described(topics, queue).partitions().stream()
                .map(it -> new TopicPartition(queue.topicName(), it.partition()))
                .toList();
    }

    /** Where the group starts beyond the end of the log, with that end. */
    private Map<TopicPartition, Long> beyondTheEnd(List<TopicPartition> partitions)
            throws InterruptedException, TimeoutException {
        Map<TopicPartition, SharePartitionOffsetInfo> starts = get(
                admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec().topicPartitions(partitions)))
                        .partitionsToOffsetInfo(group));
        // Asked after the starts: an end that has grown meanwhile is no reason for anything.
        Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> beyond = new HashMap<>();
        ends.forEach((partition, end) -> Optional.ofNullable(starts.get(partition))
                .filter(start -> start.startOffset() > end.offset())
                .ifPresent(start -> {
                    log.error(
                            "{} ends at {}, but {} reads it from {}: it was cut off",
                            partition,
                            end.offset(),
                            group,
                            start.startOffset());
                    beyond.put(partition, end.offset());
                }));
        return beyond;
    }

    /**
     * Lets the group start again where requests are that can be of use. That is possible only while the group has no member, so all workers
     * leave and try, until one could. Blocks for the brokers' answers.
     *
     * @param oldest when a request that can be of use was made at the earliest
     * @return whether the queue is whole
     */
    boolean mend(Instant oldest) throws InterruptedException {
        try {
            List<TopicPartition> partitions = partitions(
                    get(admin.describeTopics(List.of(queue.topicName())).allTopicNames()));
            Map<TopicPartition, Long> beyond = beyondTheEnd(partitions);
            if (!beyond.isEmpty()) {
                Map<TopicPartition, Long> starts = new HashMap<>();
                offsets(List.copyOf(beyond.keySet()), OffsetSpec.forTimestamp(Math.max(0, oldest.toEpochMilli())))
                        .forEach((partition, first) -> starts.put(
                                partition, first.offset() < 0 ? beyond.getOrDefault(partition, 0L) : first.offset()));
                get(admin.alterShareGroupOffsets(group, starts).all());
                log.warn("{} was set to start at {}", group, starts);
            }
            queueWhole = true;
        } catch (KafkaException | TimeoutException e) {
            log.warn("The start of {} cannot be set yet: all its members have to leave it first", group, e);
        }
        return queueWhole;
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(List<TopicPartition> partitions, OffsetSpec spec)
            throws InterruptedException, TimeoutException {
        return get(admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> spec)))
                .all());
    }

    private static <T> T get(KafkaFuture<T> answer) throws InterruptedException, TimeoutException {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
        admin.close(PATIENCE);
    }
}
