package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.log.Topic;
import io.tailrace.runlog.LogSource.Passed;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/**
 * A client that goes on where another has read is told the epoch of what lies before: a broker is asked for nothing else
 * when it has lost that and has grown again. A client that stays where it is knows it by itself.
 */
class PlacesTest {
    private static final TopicPartition PLACE = new TopicPartition(Topic.BUILD_EVENTS.topicName(), 0);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LogMeters meters = new LogMeters(registry, "tailrace.test");
    private final List<PlacedConsumer> made = new CopyOnWriteArrayList<>();

    /** Notes where it is placed. */
    private static final class PlacedConsumer extends MockConsumer<byte[], byte[]> {
        final List<OffsetAndMetadata> places = new CopyOnWriteArrayList<>();

        PlacedConsumer() {
            super("none");
        }

        @Override
        public synchronized void seek(TopicPartition partition, OffsetAndMetadata place) {
            super.seek(partition, place);
            places.add(place);
        }
    }

    private PlacedConsumer consumer() {
        PlacedConsumer consumer = new PlacedConsumer();
        made.add(consumer);
        return consumer;
    }

    @Test
    void aScanBeginsBehindTheRecordThatItsReaderHasPassed() throws Exception {
        try (ScanPool pool = new ScanPool(1, _ -> consumer(), meters)) {
            String _ = pool.scan(PLACE, 10, Optional.of(new Passed(7, 3)), _ -> "");
        }
        assertThat(made.getFirst().places).containsExactly(new OffsetAndMetadata(8, Optional.of(3), ""));
    }

    private KafkaTail tail(KafkaTail.Ends ends) {
        return new KafkaTail(this::consumer, ends, meters, new UnreadableRecords(registry, "test"), Clock.systemUTC());
    }

    private static OffsetAndMetadata end(long offset) {
        return new OffsetAndMetadata(offset, Optional.of(2), "");
    }

    /** Cut off below where the tail was, and perhaps grown again beyond it: whoever read the run looks up its place. */
    @Test
    void aPartitionThatEndsBeforeThePlaceOfTheTailWasCutOffWhateverItHasByNow() {
        assertThat(afterNothingIsThereAt(10, new OffsetOutOfRangeException(Map.of(PLACE, 10L)), 0, 15))
                .isInstanceOf(Inbox.Polled.CutOff.class);
    }

    /** Retention may have taken what begins the log by now; the client says that it was another log. */
    @Test
    void whatTheClientCallsTruncatedWasCutOffWhereverTheLogBegins() {
        LogTruncationException truncated =
                new LogTruncationException("other records", Map.of(PLACE, 10L), Map.of(PLACE, end(7)));
        assertThat(afterNothingIsThereAt(10, truncated, 12, 15)).isInstanceOf(Inbox.Polled.CutOff.class);
    }

    @Test
    void aPartitionThatBeginsBehindThePlaceOfTheTailWasTrimmed() {
        assertThat(afterNothingIsThereAt(10, new OffsetOutOfRangeException(Map.of(PLACE, 10L)), 12, 15))
                .isEqualTo(new Inbox.Polled.Before(15));
    }

    /** What is in the inbox of a run of a tail that began at an offset, and whose client failed there. */
    private Inbox.Polled afterNothingIsThereAt(long offset, OffsetOutOfRangeException failure, long begins, long ends) {
        Inboxes inboxes = new Inboxes(new InboxBudget(1 << 20, () -> 1 << 20));
        List<OffsetAndMetadata> asked = new CopyOnWriteArrayList<>(List.of(end(offset), end(ends)));
        try (KafkaTail tail = tail(_ -> asked.removeFirst())) {
            tail.start();
            tail.watch(new Tail.Watch(LogRecords.RUN, 0, inboxes), Topic.BUILD_EVENTS);
            within().until(() -> places(0).equals(List.of(end(offset))));
            PlacedConsumer client = made.getFirst();
            client.updateBeginningOffsets(Map.of(PLACE, begins));
            client.setPollException(failure);
            within().until(() -> places(0).equals(List.of(end(offset), end(ends))));
            within().until(() -> inboxes.signals() > 1);
        }
        return inboxes.of(Topic.BUILD_EVENTS).poll(offset);
    }

    @Test
    void theTailsNextClientGoesOnBehindTheRecordThatTheLastOneHasRead() {
        OffsetAndMetadata end = end(5);
        try (KafkaTail tail = tail(_ -> end)) {
            tail.start();
            tail.watch(
                    new Tail.Watch(LogRecords.RUN, 0, new Inboxes(new InboxBudget(1 << 20, () -> 1 << 20))),
                    Topic.BUILD_EVENTS);
            within().until(() -> places(0).equals(List.of(end)));
            PlacedConsumer first = made.getFirst();
            first.addRecord(new ConsumerRecord<>(
                    PLACE.topic(),
                    0,
                    5,
                    0,
                    TimestampType.LOG_APPEND_TIME,
                    0,
                    0,
                    new byte[1],
                    new byte[1],
                    new RecordHeaders(),
                    Optional.of(4)));
            within().until(() -> first.position(PLACE) == 6);
            first.setPollException(new KafkaException("this client is of no use any more"));
            within().until(() -> !places(1).isEmpty());
        }
        assertThat(places(1)).containsExactly(new OffsetAndMetadata(6, Optional.of(4), ""));
    }

    private List<OffsetAndMetadata> places(int client) {
        return client < made.size() ? made.get(client).places : List.of();
    }

    private static org.awaitility.core.ConditionFactory within() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
    }
}
