package io.tailrace.events.kafka;

import io.tailrace.events.log.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a consumer group has got in some topics, as the log itself has it: what was committed against what there is.
 * Immutable.
 *
 * @param places of every partition of the topics that were asked for
 */
public record GroupProgress(Map<TopicPartition, Place> places) {
    public GroupProgress {
        places = Map.copyOf(places);
    }

    /**
     * How far the group has got in one partition.
     *
     * @param nextOffset of the first record that the group has not committed; the log's start where it has committed
     *     nothing, or where what it has committed lies outside of the log (that of a topic made anew, for instance)
     * @param endOffset the high watermark, which counts what lies in open transactions too
     */
    public record Place(long nextOffset, long endOffset) {
        /** @throws IllegalArgumentException unless 0 ≤ next ≤ end */
        public Place {
            if (nextOffset < 0 || nextOffset > endOffset) {
                throw new IllegalArgumentException("from " + nextOffset + " to " + endOffset);
            }
        }

        /** {@code committed} is negative where there is none. */
        static Place of(long committed, long startOffset, long endOffset) {
            boolean inside = committed >= startOffset && committed <= endOffset;
            return new Place(inside ? committed : Math.min(startOffset, endOffset), endOffset);
        }

        /**
         * How many offsets lie between what is committed and the end. Where nobody writes in transactions these are
         * records; otherwise some can be markers or aborted (see {@link OldestWaiting}).
         */
        public long waiting() {
            return endOffset - nextOffset;
        }
    }

    /**
     * How far the group has got there.
     *
     * @throws IllegalArgumentException if the partition was not asked for
     */
    public Place at(TopicPartition partition) {
        Place place = places.get(partition);
        if (place == null) {
            throw new IllegalArgumentException(partition + " is none of " + places.keySet());
        }
        return place;
    }

    /** The same of some partitions alone. */
    public GroupProgress only(Set<TopicPartition> some) {
        return new GroupProgress(places.entrySet().stream()
                .filter(it -> some.contains(it.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** How much waits in all partitions together; see {@link Place#waiting()}. */
    public long waiting() {
        return places.values().stream().mapToLong(Place::waiting).sum();
    }

    /**
     * Asks the brokers. Blocks, at most about four times as long as given. A commit that is still pending does not count:
     * what it would commit waits. (Asking for stable offsets only would do no better: {@code Admin} then leaves such
     * partitions out without a word.) The end is asked for after the commits, so nothing seems decided that is not.
     *
     * @throws ExecutionException if a broker refuses, for instance because a topic is missing
     * @throws TimeoutException if one does not answer
     */
    public static GroupProgress ask(Admin admin, String group, Collection<Topic> topics, Duration within)
            throws InterruptedException, ExecutionException, TimeoutException {
        int millis = Math.toIntExact(within.toMillis());
        List<TopicPartition> partitions = partitions(admin, topics, millis);
        Map<TopicPartition, OffsetAndMetadata> committed = get(
                admin.listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().timeoutMs(millis))
                        .partitionsToOffsetAndMetadata(),
                millis);
        Map<TopicPartition, ListOffsetsResultInfo> starts = offsets(admin, partitions, OffsetSpec.earliest(), millis);
        Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(admin, partitions, OffsetSpec.latest(), millis);
        Map<TopicPartition, Place> places = new HashMap<>();
        starts.forEach((partition, start) -> {
            OffsetAndMetadata last = committed.get(partition);
            ListOffsetsResultInfo end = ends.get(partition);
            if (end == null) {
                throw new IllegalStateException("the brokers left out " + partition);
            }
            places.put(partition, Place.of(last == null ? -1 : last.offset(), start.offset(), end.offset()));
        });
        return new GroupProgress(places);
    }

    private static List<TopicPartition> partitions(Admin admin, Collection<Topic> topics, int millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<String> names = topics.stream().map(Topic::topicName).toList();
        return get(
                        admin.describeTopics(names, new DescribeTopicsOptions().timeoutMs(millis))
                                .allTopicNames(),
                        millis)
                .values()
                .stream()
                .flatMap(it -> it.partitions().stream().map(part -> new TopicPartition(it.name(), part.partition())))
                .toList();
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
            Admin admin, List<TopicPartition> partitions, OffsetSpec which, int millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        return get(
                admin.listOffsets(
                                partitions.stream().collect(Collectors.toMap(it -> it, _ -> which)),
                                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED).timeoutMs(millis))
                        .all(),
                millis);
    }

    private static <T> T get(KafkaFuture<T> answer, int millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(millis, TimeUnit.MILLISECONDS);
    }
}
