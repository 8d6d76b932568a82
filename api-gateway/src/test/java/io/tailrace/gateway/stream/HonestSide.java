package io.tailrace.gateway.stream;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Workers of each topic that keep to the rules. */
enum HonestSide implements HostileRun.HonestWorker {
    BUILDS(Topic.BUILD_EVENTS) {
        @Override
        public ProducerRecord<byte[], byte[]> record(StageId stage, Attempt attempt, long attemptSequence) {
            BuildFact fact = attemptSequence == 1
                    ? new BuildFact.AttemptStarted("commands")
                    : new BuildFact.ConsoleLines(
                            "build",
                            Optional.of("make"),
                            List.of(new BuildFact.ConsoleLine(
                                    BuildFact.ConsoleStream.STDOUT, BuildFact.LineEnd.NEWLINE, "honest")));
            return RECORDS.stageEvent(
                    0, BuildEvent.ofAttempt(event(), stage, attempt, attemptSequence, id(), TIME, fact));
        }

        @Override
        public ProducerRecord<byte[], byte[]> abort(StageId stage) {
            return RECORDS.stageEvent(0, BuildEvent.aborted(event(), stage, TIME, END));
        }
    },
    TURNS(Topic.TURN_EVENTS) {
        @Override
        public ProducerRecord<byte[], byte[]> record(StageId stage, Attempt attempt, long attemptSequence) {
            TurnFact fact = attemptSequence == 1
                    ? new TurnFact.AttemptStarted(TurnId.of(stage))
                    : new TurnFact.ModelDelta(
                            List.of(new TurnFact.Delta(TurnFact.DeltaKind.TEXT, "honest", Optional.empty())));
            return RECORDS.stageEvent(
                    0, TurnEvent.ofAttempt(event(), stage, attempt, attemptSequence, id(), TIME, fact));
        }

        @Override
        public ProducerRecord<byte[], byte[]> abort(StageId stage) {
            return RECORDS.stageEvent(0, TurnEvent.aborted(event(), stage, TIME, END));
        }
    };

    private static final KafkaRecords RECORDS = new KafkaRecords(new EventCodec());
    private static final Instant TIME = Instant.parse("2026-11-21T10:00:00Z");
    private static final StageFact.StageAborted END =
            new StageFact.StageAborted(StageFact.AbortReason.STAGE_DEADLINE, Outcome.FAILED, "too long");

    final Topic topic;

    HonestSide(Topic topic) {
        this.topic = topic;
    }

    @Override
    public WorkerId id() {
        return new WorkerId("honest");
    }

    private static EventId event() {
        return EventId.of(UUID.randomUUID());
    }
}
