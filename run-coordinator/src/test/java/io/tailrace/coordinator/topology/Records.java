package io.tailrace.coordinator.topology;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.kafka.LogIdentity;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.Step;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records of clients and workers. */
final class Records {
    static final EventCodec CODEC = new EventCodec();
    static final KafkaRecords KAFKA = new KafkaRecords(CODEC);
    private static final Instant SAID_AT = Instant.parse("2026-11-21T09:00:00Z");

    private Records() {}

    /** A log of its own for each number. */
    static LogIdentity log(long number) {
        String id = Long.toString(number);
        return new LogIdentity("cluster-" + id, "commands-" + id, "runs-" + id, "builds-" + id, "turns-" + id);
    }

    static ProducerRecord<byte[], byte[]> create(RunId run, int steps, Limits limits) {
        return create(
                run,
                Collections.nCopies(steps, new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of())),
                limits);
    }

    static ProducerRecord<byte[], byte[]> create(RunId run, List<Step> plan, Limits limits) {
        return command(
                run,
                new RunCommand.CreateRun(
                        new WorkspaceId("demo"),
                        "build",
                        Optional.empty(),
                        new Plan(plan),
                        limits,
                        Optional.empty(),
                        "digest"));
    }

    static ProducerRecord<byte[], byte[]> cancel(RunId run) {
        return command(run, new RunCommand.CancelRun(Optional.empty()));
    }

    static ProducerRecord<byte[], byte[]> command(RunId run, RunCommand.Command command) {
        return KAFKA.command(new RunCommand(run, EventId.of(new UUID(1, 1)), SAID_AT, command));
    }

    static ProducerRecord<byte[], byte[]> of(
            RunId run, int step, int attempt, long sequence, String worker, BuildFact fact) {
        return KAFKA.stageEvent(
                0,
                BuildEvent.ofAttempt(
                        EventId.of(new UUID(sequence, attempt)),
                        StageId.of(run, step),
                        new Attempt(attempt),
                        sequence,
                        new WorkerId(worker),
                        SAID_AT,
                        fact));
    }

    static ProducerRecord<byte[], byte[]> of(
            RunId run, int step, int attempt, long sequence, String worker, TurnFact fact) {
        return KAFKA.stageEvent(
                0,
                TurnEvent.ofAttempt(
                        EventId.of(new UUID(sequence, 100L + attempt)),
                        StageId.of(run, step),
                        new Attempt(attempt),
                        sequence,
                        new WorkerId(worker),
                        SAID_AT,
                        fact));
    }

    static TurnFact answered(TurnId turn) {
        return new TurnFact.TurnCompleted(
                new TurnFact.TurnContent(
                        turn,
                        "Hello",
                        AssistantMessage.EMPTY,
                        "scripted",
                        "echo",
                        Usage.NONE,
                        Duration.ZERO,
                        Optional.empty(),
                        Optional.empty()),
                TurnFact.FinishReason.STOP);
    }

    static BuildFact claim() {
        return new BuildFact.AttemptStarted("commands");
    }

    static BuildFact lines(int count) {
        return new BuildFact.ConsoleLines(
                "build",
                Optional.of("make"),
                Collections.nCopies(
                        count,
                        new BuildFact.ConsoleLine(BuildFact.ConsoleStream.STDOUT, BuildFact.LineEnd.NEWLINE, "hello")));
    }

    static BuildFact completed(Outcome outcome) {
        return new BuildFact.BuildCompleted(
                outcome, BuildFact.BuildReason.FORCE_REBUILD, Duration.ZERO, Optional.of(0), Optional.empty(), 1, 0, 0);
    }
}
