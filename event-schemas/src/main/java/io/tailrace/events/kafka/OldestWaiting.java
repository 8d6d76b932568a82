package io.tailrace.events.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Since when records wait, by the broker's clock, and whether what lies between a group's commits and the end are records
 * at all: the markers of transactions and what was aborted have offsets, but nobody ever commits past them. Immutable.
 *
 * @param since by partition, only those where a record waits. {@link Instant#MAX} where it is not known: it lies in an
 *     open transaction, or could not be read in time
 */
public record OldestWaiting(Map<TopicPartition, Instant> since) {
    private static final Duration POLL = Duration.ofMillis(50);

    public OldestWaiting {
        since = Map.copyOf(since);
    }

    /** Since when the record waits that waits longest; empty if none does, or if it is not known. */
    public Optional<Instant> oldest() {
        return since.values().stream().filter(it -> !it.equals(Instant.MAX)).min(Comparator.naturalOrder());
    }

    /** The same of the partitions that are wanted alone. */
    public OldestWaiting only(Predicate<TopicPartition> wanted) {
        return new OldestWaiting(since.entrySet().stream()
                .filter(it -> wanted.test(it.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /**
     * Reads the first record that waits in each partition. Blocks, not much longer than given.
     *
     * @param reader read committed, without a group; its assignment is changed. One record a poll is enough
     */
    public static OldestWaiting read(Consumer<byte[], byte[]> reader, GroupProgress progress, Duration within) {
        Map<TopicPartition, GroupProgress.Place> open = new HashMap<>(progress.places());
        open.values().removeIf(it -> it.waiting() == 0);
        Map<TopicPartition, Instant> since = new HashMap<>();
        reader.assign(open.keySet());
        reader.resume(open.keySet());
        open.forEach((partition, place) -> reader.seek(partition, place.nextOffset()));
        long until = System.nanoTime() + within.toNanos();
        while (!open.isEmpty() && System.nanoTime() < until) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                GroupProgress.Place place = open.get(partition);
                // What came after the question does not belong to the answer.
                if (place != null && record.offset() < place.endOffset()) {
                    since.putIfAbsent(partition, Instant.ofEpochMilli(record.timestamp()));
                }
            }
            open.entrySet()
                    .removeIf(it -> since.containsKey(it.getKey())
                            || reader.position(it.getKey(), within)
                                    >= it.getValue().endOffset());
            reader.pause(reader.assignment().stream()
                    .filter(it -> !open.containsKey(it))
                    .toList());
        }
        open.keySet().forEach(it -> since.put(it, Instant.MAX));
        return new OldestWaiting(since);
    }
}
