package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.Decision;
import io.tailrace.coordinator.decide.StageEnd;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.EventId;
import io.tailrace.events.kafka.LogIdentity;
import io.tailrace.events.log.Topic;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** What differs between the topics that chapters lie in, for the coordinator: how it reads and writes their records. */
enum ChapterTopic {
    BUILDS(Topic.BUILD_EVENTS) {
        @Override
        Optional<StageEnd> end(EventCodec codec, byte[] value) throws UndecodableRecord {
            return StageEnd.of(codec.decode(topic, BuildEvent.class, value).payload());
        }

        @Override
        void append(StageEventLog log, int partition, Decision.Abort abort, Instant at) {
            log.append(
                    partition,
                    BuildEvent.aborted(
                            abort.id(), abort.stage(), at, abort.end().ofBuild()));
        }

        @Override
        void appendTick(StageEventLog log, int partition, EventId id, Instant at, String instance) {
            log.append(partition, BuildEvent.tick(id, at, new StageFact.Tick(instance)));
        }

        @Override
        String id(LogIdentity log) {
            return log.buildEvents();
        }
    },
    TURNS(Topic.TURN_EVENTS) {
        @Override
        Optional<StageEnd> end(EventCodec codec, byte[] value) throws UndecodableRecord {
            return StageEnd.of(codec.decode(topic, TurnEvent.class, value).payload());
        }

        @Override
        void append(StageEventLog log, int partition, Decision.Abort abort, Instant at) {
            log.append(
                    partition,
                    TurnEvent.aborted(abort.id(), abort.stage(), at, abort.end().ofTurn()));
        }

        @Override
        void appendTick(StageEventLog log, int partition, EventId id, Instant at, String instance) {
            log.append(partition, TurnEvent.tick(id, at, new StageFact.Tick(instance)));
        }

        @Override
        String id(LogIdentity log) {
            return log.turnEvents();
        }
    };

    final Topic topic;

    ChapterTopic(Topic topic) {
        this.topic = topic;
    }

    /** @throws IllegalArgumentException for a topic that no chapters lie in */
    static ChapterTopic of(Topic topic) {
        return Arrays.stream(values())
                .filter(it -> it.topic == topic)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no chapters lie in " + topic.topicName()));
    }

    /** How a record's value ends its stage; nothing if it does not. */
    abstract Optional<StageEnd> end(EventCodec codec, byte[] value) throws UndecodableRecord;

    /** Appends a forced end. */
    abstract void append(StageEventLog log, int partition, Decision.Abort abort, Instant at);

    /** Appends a tick. */
    abstract void appendTick(StageEventLog log, int partition, EventId id, Instant at, String instance);

    /** The topic's id in a log. */
    abstract String id(LogIdentity log);
}
