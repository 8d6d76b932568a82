package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.RunState;
import io.tailrace.coordinator.decide.SpineReplay;
import io.tailrace.coordinator.decide.StageEnd;
import io.tailrace.coordinator.topology.PartitionProgress.TopicProgress;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Intake;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Makes the state of one run from the log: from all of its spine, and from the records of the open chapter that the task has read.
 * Confined to the reading thread, which it blocks.
 */
final class RunRebuild {
    private final LogArchive archive;
    private final EventCodec codec;
    private final ArrivalReader reader;
    private final int partition;
    private final Order order;

    /** Up to where a run is to be rebuilt: later records come through the topology. */
    record Order(RunId run, long firstOffset, Map<Topic, TopicProgress> progress) {
        TopicProgress progress(Topic topic) {
            return Optional.ofNullable(progress.get(topic)).orElseThrow();
        }
    }

    /** What came of it. */
    sealed interface Outcome {
        RunId run();

        /**
         * The run goes on.
         *
         * @param ending the record that ended the open stage while nobody knew it, to be decided on
         * @param claimed who had claimed the open stage last, says the spine
         */
        record Rebuilt(RunId run, RunState.Active state, Optional<Ending> ending, Optional<Fence.Holder> claimed)
                implements Outcome {}

        record HasEnded(RunId run, RunState.Completed state) implements Outcome {}

        record Impossible(RunId run, String reason) implements Outcome {}
    }

    /** A record that ends a stage. */
    record Ending(LogPosition position, Instant at, EventHeaders headers, Optional<StageEnd> end) {
        /** Where it came from, as Streams says it. */
        RecordMetadata source() {
            return new Source(position.topic().topicName(), position.partition(), position.offset());
        }
    }

    /** A fact of the spine. Its append is when it was decided, however long ago it was asked for. */
    private record Said(RunEvent event, Instant appended) {}

    record Source(String topic, int partition, long offset) implements RecordMetadata {}

    /** A record on its way out of the spine, where it cannot be gone on without it. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String reason) {
            super(reason);
        }
    }

    RunRebuild(LogArchive archive, EventCodec codec, ArrivalReader reader, int partition, Order order) {
        this.archive = archive;
        this.codec = codec;
        this.reader = reader;
        this.partition = partition;
        this.order = order;
    }

    Outcome rebuild() {
        try {
            List<Said> spine = spine();
            if (spine.isEmpty() || !(spine.getFirst().event().payload() instanceof RunFact.RunCreated)) {
                return new Outcome.Impossible(order.run(), "its creation is no longer on the spine");
            }
            Map<Topic, TickTimes> times = ticks(clockFrom(spine));
            Map<TurnId, LogPosition> commands = new HashMap<>();
            SpineReplay replay = replay(spine, times, commands);
            if (!replay.pendingTurns().isEmpty()) {
                for (TurnId turn : replay.pendingTurns()) {
                    commands.put(turn, command(turn, spine));
                }
                replay = replay(spine, times, commands);
            }
            Optional<Ending> ending = chapter(replay, times);
            return switch (replay.state()) {
                case RunState.Active state -> new Outcome.Rebuilt(order.run(), state, ending, claimed(spine));
                case RunState.Completed completed -> new Outcome.HasEnded(order.run(), completed);
                case RunState.Unknown _, RunState.Created _, RunState.BetweenStages _, RunState.Stopping _ ->
                    new Outcome.Impossible(order.run(), "its spine breaks off between two stages");
            };
        } catch (Unreadable | KafkaException | IllegalStateException | IllegalArgumentException e) {
            return new Outcome.Impossible(order.run(), String.valueOf(e.getMessage()));
        }
    }

    private List<Said> spine() {
        byte[] key = KafkaRecords.key(order.run());
        List<Said> spine = new ArrayList<>();
        archive.read(new LogPosition(Topic.RUN_EVENTS, partition, order.firstOffset()), LogArchive.END, record -> {
            if (!KafkaRecords.isKeyedBy(record.key(), key)) {
                return true;
            }
            RunEvent event = event(record);
            spine.add(new Said(event, at(record)));
            return !(event.payload() instanceof RunFact.RunCompleted);
        });
        return spine;
    }

    private RunEvent event(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] value = record.value();
        if (value == null) {
            throw new Unreadable("its spine has a record without a value at offset " + record.offset());
        }
        try {
            return codec.decode(Topic.RUN_EVENTS, RunEvent.class, value);
        } catch (UndecodableRecord e) {
            throw new Unreadable("its spine cannot be read at offset " + record.offset() + ": " + e.getMessage());
        }
    }

    /** From where each topic's ticks matter: the begin of its last chapter, or the end of one that is over. */
    private static Map<Topic, LogPosition> clockFrom(List<Said> spine) {
        Map<Topic, LogPosition> from = new EnumMap<>(Topic.class);
        Optional<LogPosition> open = Optional.empty();
        for (Said said : spine) {
            if (said.event().payload() instanceof RunFact.StageRequested requested) {
                open = Optional.of(requested.chapterFrom());
            } else if (said.event().payload() instanceof RunFact.StageFinished finished) {
                open = open.map(it -> new LogPosition(
                        it.topic(), it.partition(), finished.chapter().lastOffset()));
            }
            open.ifPresent(it -> from.put(it.topic(), it));
        }
        return from;
    }

    /** Who had claimed the open stage last: the claim was there when it was stated. */
    private static Optional<Fence.Holder> claimed(List<Said> spine) {
        Optional<Fence.Holder> claimed = Optional.empty();
        for (Said said : spine) {
            if (said.event().payload() instanceof RunFact.StageRequested) {
                claimed = Optional.empty();
            } else if (said.event().payload() instanceof RunFact.RunProgress progress) {
                claimed = Optional.of(new Fence.Holder(progress.attempt(), progress.worker()));
            }
        }
        return claimed;
    }

    /** Where a topic was made anew, what is left of a chapter can lie anywhere in it. */
    private LogPosition inTheLog(LogPosition from) {
        return from.offset() > order.progress(from.topic()).nextOffset()
                ? new LogPosition(from.topic(), from.partition(), 0)
                : from;
    }

    private Map<Topic, TickTimes> ticks(Map<Topic, LogPosition> from) {
        Map<Topic, TickTimes> all = new EnumMap<>(Topic.class);
        order.progress().forEach((topic, progress) -> {
            TickTimes times = new TickTimes(progress.clock().elapsed());
            Optional.ofNullable(from.get(topic))
                    .ifPresent(it -> archive.read(inTheLog(it), progress.nextOffset(), record -> {
                        if (KafkaRecords.intake(topic, record.key(), record.headers()) instanceof Intake.Clock) {
                            times.tick(at(record));
                        }
                        return true;
                    }));
            all.put(topic, times);
        });
        return all;
    }

    private static TickTimes of(Map<Topic, TickTimes> times, Topic topic) {
        return Optional.ofNullable(times.get(topic)).orElseThrow();
    }

    private SpineReplay replay(List<Said> spine, Map<Topic, TickTimes> times, Map<TurnId, LogPosition> commands) {
        LogPosition unneeded = new LogPosition(Topic.RUN_COMMANDS, partition, 0);
        SpineReplay replay = new SpineReplay(turn -> commands.getOrDefault(turn, unneeded));
        for (Said said : spine) {
            replay.stated(said.event(), topic -> of(times, topic).at(said.appended()), compacted(said.event()));
        }
        return replay;
    }

    private int compacted(RunEvent event) {
        if (!(event.payload() instanceof RunFact.StageFinished finished)
                || finished.usage().isEmpty()) {
            return 0;
        }
        long last = finished.chapter().lastOffset();
        List<Integer> found = new ArrayList<>();
        archive.read(new LogPosition(Topic.TURN_EVENTS, partition, last), last + 1, record -> {
            if (arrival(Topic.TURN_EVENTS, record) instanceof Arrival.OfStage of) {
                of.end().flatMap(StageEnd::turn).ifPresent(it -> found.add(it.compacted()));
            }
            return false;
        });
        return found.isEmpty() ? 0 : found.getFirst();
    }

    /** A turn is submitted when its command was appended: there it lies. */
    private LogPosition command(TurnId turn, List<Said> spine) {
        Instant submitted = spine.stream()
                .map(Said::event)
                .filter(it -> it.payload() instanceof RunFact.TurnSubmitted fact
                        && fact.turnId().equals(turn))
                .findFirst()
                .orElseThrow(() -> new Unreadable("turn " + turn + " was not submitted"))
                .occurredAt();
        List<LogPosition> found = new ArrayList<>();
        archive.read(archive.appendedAt(Topic.RUN_COMMANDS, partition, submitted), LogArchive.END, record -> {
            if (submits(record, turn)) {
                found.add(new LogPosition(Topic.RUN_COMMANDS, partition, record.offset()));
            }
            return found.isEmpty();
        });
        return found.stream()
                .findFirst()
                .orElseThrow(() -> new Unreadable("the command of turn " + turn + " is no longer in the log"));
    }

    private boolean submits(ConsumerRecord<byte[], byte[]> record, TurnId turn) {
        if (!KafkaRecords.isKeyedBy(record.key(), KafkaRecords.key(order.run()))) {
            return false;
        }
        return reader.command(streams(record), partition) instanceof Arrival.OfClient(RunCommand command)
                && command.payload() instanceof RunCommand.SubmitTurn submit
                && submit.turnId().equals(turn);
    }

    private Optional<Ending> chapter(SpineReplay replay, Map<Topic, TickTimes> allTimes) {
        if (!(replay.state() instanceof RunState.Open open)) {
            return Optional.empty();
        }
        Topic topic = open.topic();
        TickTimes times = of(allTimes, topic);
        List<Ending> endings = new ArrayList<>();
        long to = order.progress(topic).nextOffset();
        archive.read(inTheLog(open.stage().chapterFrom()), to, record -> {
            if (KafkaRecords.intake(topic, record.key(), record.headers())
                            instanceof Intake.Event(RunId run, EventHeaders headers)
                    && run.equals(order.run())
                    && replay.counts(record.offset(), at(record), times.at(at(record)), headers)
                    && arrival(topic, record) instanceof Arrival.OfStage of) {
                endings.add(
                        new Ending(new LogPosition(topic, partition, record.offset()), at(record), headers, of.end()));
            }
            return endings.isEmpty();
        });
        return endings.stream().findFirst();
    }

    private Arrival arrival(Topic topic, ConsumerRecord<byte[], byte[]> record) {
        return reader.stageEvent(topic, streams(record));
    }

    private static Record<byte[], byte[]> streams(ConsumerRecord<byte[], byte[]> record) {
        return new Record<>(record.key(), record.value(), record.timestamp(), record.headers());
    }

    private static Instant at(ConsumerRecord<byte[], byte[]> record) {
        return Instant.ofEpochMilli(record.timestamp());
    }
}
