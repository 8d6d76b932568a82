package io.tailrace.events.fuzz;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** What somebody can write who may write to one topic of workers, and knows the runs and their workers by name. */
public final class HostileRecords {
    private final Topic topic;
    private final byte[] terminal;
    private final List<StageId> stages;

    /** A record, and a text that shows it where an example fails. */
    public record Hostile(ProducerRecord<byte[], byte[]> record, String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    private record Place(Optional<String> key, Optional<String> stage) {}

    private record Claim(Optional<String> attempt, Optional<String> sequence, Optional<String> worker) {}

    private record Kind(Optional<String> type, Optional<String> mark, Optional<String> count, Optional<String> id) {}

    private HostileRecords(Topic topic, byte[] terminal, List<StageId> stages) {
        this.topic = topic;
        this.terminal = terminal;
        this.stages = stages;
    }

    /**
     * Any such record, in partition 0.
     *
     * @param topic the one that may be written to
     * @param terminal a record there that ends a stage
     * @param stages which there are, or will be
     */
    public static Arbitrary<Hostile> in(Topic topic, ProducerRecord<byte[], byte[]> terminal, StageId... stages) {
        HostileRecords records = new HostileRecords(topic, terminal.value(), List.of(stages));
        return Combinators.combine(records.places(), claims(), records.kinds(), tricks(), records.values())
                .as(records::hostile);
    }

    private Arbitrary<Place> places() {
        RunId first = stages.getFirst().run();
        RunId last = stages.getLast().run();
        List<StageId> known = new ArrayList<>(stages);
        known.add(StageId.of(new RunId("r-nobody"), 1));
        Arbitrary<Place> honest =
                Arbitraries.of(known).map(it -> new Place(Optional.of(it.run().value()), Optional.of(it.value())));
        Arbitrary<Place> wild = Combinators.combine(
                        sometimes(first.value(), last.value(), "r-nobody", "", "\0", "R ONE", "x".repeat(500)),
                        sometimes(
                                StageId.of(first, 1).value(),
                                StageId.of(last, 1).value(),
                                "x",
                                "r-one.0",
                                "r-one.-1"))
                .as(Place::new);
        return Arbitraries.frequencyOf(Tuple.of(6, honest), Tuple.of(1, wild));
    }

    private static Arbitrary<Claim> claims() {
        Arbitrary<Claim> plausible = Combinators.combine(
                        Arbitraries.of("1", "2", "3"), Arbitraries.of("1", "2", "3"), Arbitraries.of("evil", "honest"))
                .as((attempt, sequence, worker) ->
                        new Claim(Optional.of(attempt), Optional.of(sequence), Optional.of(worker)));
        Arbitrary<Claim> wild = Combinators.combine(
                        sometimes("1", "1", "2", "3", "999999", "1000000", "1000001", "0", "-1", "99999999999"),
                        sometimes("1", "1", "2", "3", "4", "0", "-5", "9223372036854775807", "x"),
                        sometimes("evil", "evil", "honest", "w o", ""))
                .as(Claim::new);
        return Arbitraries.frequencyOf(Tuple.of(2, plausible), Tuple.of(1, wild));
    }

    private Arbitrary<Kind> kinds() {
        String output = topic == Topic.BUILD_EVENTS ? "console.lines" : "model.delta";
        String end = topic == Topic.BUILD_EVENTS ? "build.completed" : "turn.completed";
        Arbitrary<Optional<String>> ids =
                Arbitraries.integers().between(0, 1_000_000).map(it -> Optional.of(new UUID(9, it).toString()));
        Arbitrary<Kind> plausible = Combinators.combine(
                        Arbitraries.of("attempt.started", output, end, "attempt.released"),
                        Arbitraries.of("claim", "claim", "terminal", "abort", "none"),
                        ids)
                .as((type, mark, id) -> new Kind(Optional.of(type), Optional.of(mark), Optional.of("1"), id));
        Arbitrary<Kind> wild = Combinators.combine(
                        sometimes(
                                "attempt.started",
                                "console.lines",
                                "model.delta",
                                "build.completed",
                                "turn.completed",
                                "turn.failed",
                                "turn.checkpointed",
                                "attempt.released",
                                "stage.aborted",
                                "heartbeat",
                                "tick",
                                "run.completed",
                                "new.type",
                                "NO"),
                        sometimes("claim", "claim", "terminal", "abort", "none", "chapter-open", "run-end", "x"),
                        sometimes("1", "1", "1", "0", "3", "10000", "10001", "1000000000", "-1", "1e3"),
                        Arbitraries.integers()
                                .between(0, 1_000_000)
                                .map(it -> it % 20 == 0
                                        ? Optional.of("not-an-id")
                                        : Optional.of(new UUID(9, it).toString())))
                .as(Kind::new);
        return Arbitraries.frequencyOf(Tuple.of(2, plausible), Tuple.of(1, wild));
    }

    private enum Trick {
        NONE,
        TWICE,
        HUGE,
        NULL,
        BINARY,
        OF_OTHERS
    }

    private static Arbitrary<Trick> tricks() {
        return Arbitraries.frequency(
                Tuple.of(25, Trick.NONE),
                Tuple.of(1, Trick.TWICE),
                Tuple.of(1, Trick.HUGE),
                Tuple.of(1, Trick.NULL),
                Tuple.of(1, Trick.BINARY),
                Tuple.of(1, Trick.OF_OTHERS));
    }

    /** No value, none of ours, one that is cut off, one of a schema that nobody released, and a whole one. */
    private Arbitrary<Optional<byte[]>> values() {
        byte[] ofNobody = terminal.clone();
        ofNobody[4] = 99;
        byte[] ofAnother = terminal.clone();
        ofAnother[4] = 1;
        return Arbitraries.of(List.of(
                Optional.<byte[]>empty(),
                Optional.of(new byte[0]),
                Optional.of(new byte[] {0, 0, 0, 0, 1, 5}),
                Optional.of(Arrays.copyOf(terminal, terminal.length / 2)),
                Optional.of(ofNobody),
                Optional.of(ofAnother),
                Optional.of(new byte[300_000]),
                Optional.of(terminal)));
    }

    private static Arbitrary<Optional<String>> sometimes(String... texts) {
        return Arbitraries.of(texts).optional(0.97);
    }

    @SuppressWarnings("NullAway") // what others may write
    private Hostile hostile(Place place, Claim claim, Kind kind, Trick trick, Optional<byte[]> value) {
        RecordHeaders headers = new RecordHeaders();
        add(headers, EventHeaders.TYPE, kind.type());
        add(headers, EventHeaders.EVENT_ID, kind.id());
        add(headers, EventHeaders.MARK, kind.mark().filter(it -> !it.equals("none")));
        add(headers, EventHeaders.COUNT, kind.count());
        add(headers, EventHeaders.STAGE, place.stage());
        add(headers, EventHeaders.ATTEMPT, claim.attempt());
        add(headers, EventHeaders.ATTEMPT_SEQUENCE, claim.sequence());
        add(headers, EventHeaders.WORKER, claim.worker());
        switch (trick) {
            case NONE -> {}
            case TWICE -> add(headers, EventHeaders.COUNT, Optional.of("2"));
            case HUGE -> add(headers, EventHeaders.CHAPTER_FROM, Optional.of("9".repeat(100_000)));
            case NULL -> headers.add(EventHeaders.RUN_SEQUENCE, null);
            case BINARY -> headers.add(EventHeaders.RUN_SEQUENCE, new byte[] {-1, 0, 7});
            case OF_OTHERS -> add(headers, "traceparent", Optional.of("x".repeat(5000)));
        }
        byte @Nullable [] key =
                place.key().map(it -> it.getBytes(StandardCharsets.UTF_8)).orElse(null);
        return new Hostile(
                new ProducerRecord<>(topic.topicName(), 0, key, value.orElse(null), headers),
                place + " " + claim + " " + kind + " " + trick + " "
                        + value.map(it -> it.length + " bytes").orElse("no value"));
    }

    private static void add(RecordHeaders headers, String name, Optional<String> value) {
        value.ifPresent(it -> headers.add(name, it.getBytes(StandardCharsets.UTF_8)));
    }
}
