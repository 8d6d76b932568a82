package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.fuzz.HostileRecords.Hostile;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.Intake;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.plan.TurnPolicy;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A build of two steps and a chat of two turns in one partition. One of them is its liar's own: honest workers work on it,
 * and time passes in its topic. The other one was claimed, and waits.
 */
final class HostileStory {
    static final RunId BUILD = new RunId("r-one");
    static final RunId CHAT = new RunId("r-chat");
    private static final List<TurnId> SUBMITTED =
            List.of(new TurnId("t-one"), new TurnId("t-two"), new TurnId("t-three"), new TurnId("t-four"));
    private static final Instant SAID_AT = Instant.parse("2026-11-21T09:00:00Z");
    private static final Limits LIMITS =
            new Limits(Duration.ofMinutes(10), Duration.ofMinutes(2), Duration.ofMinutes(2), 3);

    final CheckedTask task = new CheckedTask(new File("target/hostile"));
    final Side own;
    private final Map<String, Long> sequences = new HashMap<>();
    private final Map<StageId, Fence> fences = new HashMap<>();

    /** Of what a worker of this kind may write. */
    enum Side {
        BUILDS(Topic.BUILD_EVENTS, "builds") {
            @Override
            ProducerRecord<byte[], byte[]> record(Kind kind, StageId stage, int attempt, long sequence, String worker) {
                return Records.of(
                        stage.run(),
                        number(stage),
                        attempt,
                        sequence,
                        worker,
                        switch (kind) {
                            case CLAIM -> Records.claim();
                            case OUTPUT -> Records.lines(1);
                            case END -> Records.completed(Outcome.SUCCEEDED);
                        });
            }
        },
        TURNS(Topic.TURN_EVENTS, "answers") {
            @Override
            ProducerRecord<byte[], byte[]> record(Kind kind, StageId stage, int attempt, long sequence, String worker) {
                return turn(
                        stage,
                        attempt,
                        sequence,
                        worker,
                        switch (kind) {
                            case CLAIM -> new TurnFact.AttemptStarted(SUBMITTED.get(number(stage) - 1));
                            case OUTPUT ->
                                new TurnFact.ModelDelta(
                                        List.of(new TurnFact.Delta(TurnFact.DeltaKind.TEXT, "Hi", Optional.empty())));
                            case END -> answer(number(stage));
                        });
            }
        };

        final Topic topic;
        private final String worker;

        Side(Topic topic, String worker) {
            this.topic = topic;
            this.worker = worker;
        }

        RunId run() {
            return this == BUILDS ? BUILD : CHAT;
        }

        Side other() {
            return this == BUILDS ? TURNS : BUILDS;
        }

        abstract ProducerRecord<byte[], byte[]> record(
                Kind kind, StageId stage, int attempt, long sequence, String worker);
    }

    /** What a worker writes. */
    enum Kind {
        CLAIM,
        OUTPUT,
        END
    }

    HostileStory(Side own) {
        this.own = own;
        task.give(Records.create(BUILD, 2, LIMITS));
        task.give(createChat());
        task.give(submit(1));
        if (own == Side.TURNS) {
            task.give(submit(2));
        }
        Side waits = own.other();
        task.give(waits.record(Kind.CLAIM, StageId.of(waits.run(), 1), 1, 1, waits.worker));
    }

    /** A chat that queues what is submitted while a turn is active. */
    static ProducerRecord<byte[], byte[]> createChat() {
        return Records.command(
                CHAT,
                new RunCommand.CreateRun(
                        new WorkspaceId("demo"),
                        "chat",
                        Optional.empty(),
                        Plan.of(new ChatPlan(
                                TurnPolicy.ENQUEUE,
                                2,
                                Duration.ofDays(1),
                                new ModelChoice("scripted", Optional.empty()),
                                Optional.empty(),
                                Generation.DEFAULT)),
                        LIMITS,
                        Optional.empty(),
                        "digest"));
    }

    /** Its first turn, or a later one. */
    static TurnId turn(int number) {
        return SUBMITTED.get(number - 1);
    }

    /** The command that submits it. */
    static ProducerRecord<byte[], byte[]> submit(int number) {
        return Records.command(
                CHAT, new RunCommand.SubmitTurn(SUBMITTED.get(number - 1), TurnInput.of("Hello " + number)));
    }

    static ProducerRecord<byte[], byte[]> turn(
            StageId stage, int attempt, long sequence, String worker, TurnFact fact) {
        return Records.KAFKA.stageEvent(
                0,
                TurnEvent.ofAttempt(
                        EventId.of(new UUID(sequence, attempt)),
                        stage,
                        new Attempt(attempt),
                        sequence,
                        new WorkerId(worker),
                        SAID_AT,
                        fact));
    }

    /** The end of a chat's turn. */
    static TurnFact answer(int number) {
        return new TurnFact.TurnCompleted(
                new TurnFact.TurnContent(
                        SUBMITTED.get(number - 1),
                        "Hello",
                        new AssistantMessage("Hi", Optional.empty(), List.of()),
                        "scripted",
                        "echo",
                        Usage.NONE,
                        Duration.ZERO,
                        Optional.empty(),
                        Optional.empty()),
                TurnFact.FinishReason.STOP);
    }

    private static int number(StageId stage) {
        return stage.equals(StageId.of(stage.run(), 1)) ? 1 : 2;
    }

    /** What a reader of the log makes of the record, and what the coordinator does: the same. */
    void hostile(Hostile act) {
        Optional<StageId> open = openStage();
        double refused = task.refused(own.topic);
        boolean counts = counts(act.record(), open);
        boolean clock =
                KafkaRecords.intake(own.topic, act.record().key(), act.record().headers()) instanceof Intake.Clock;
        task.give(act.record());

        assertThat(task.refused(own.topic) - refused).as("refused: %s", act).isEqualTo(counts || clock ? 0 : 1);
    }

    private boolean counts(ProducerRecord<byte[], byte[]> record, Optional<StageId> open) {
        if (!(KafkaRecords.intake(own.topic, record.key(), record.headers()) instanceof Intake.Event event)) {
            return false;
        }
        Optional<StageId> stage = event.headers().stage();
        if (open.isEmpty() || !open.equals(stage)) {
            return false;
        }
        Fence.Judgment judgment = fences.getOrDefault(open.get(), Fence.OPEN).judge(event.headers());
        fences.put(open.get(), judgment.next());
        return judgment.counts();
    }

    /** The honest worker takes what was dispatched, or goes on with it; time passes. */
    void honest() {
        openStage().ifPresent(stage -> {
            long redispatched = spine(own.run()).stream()
                    .filter(it -> it.headers().type().equals("stage.redispatched")
                            && it.headers().stage().equals(Optional.of(stage)))
                    .count();
            write(stage, Math.toIntExact(redispatched) + 1, Kind.OUTPUT);
        });
        task.seconds(own.topic, 1);
        readAborts();
    }

    private void write(StageId stage, int attempt, Kind kind) {
        long sequence = sequences.merge(stage.value() + "/" + attempt, 1L, Long::sum);
        ProducerRecord<byte[], byte[]> record =
                own.record(sequence == 1 ? Kind.CLAIM : kind, stage, attempt, sequence, "honest");
        boolean _ = counts(record, openStage());
        task.give(record);
    }

    private void readAborts() {
        Optional<StageId> before = openStage();
        task.readAborts();
        if (!openStage().equals(before)) {
            before.ifPresent(fences::remove);
        }
    }

    /** The liar's own run ends: its stages by whom they may, the chat because it is closed. */
    void toTheEnd() {
        for (int i = 0; i < 900 && openStage().isPresent(); i++) {
            Optional<StageId> stage = openStage();
            if (i % 9 == 0) {
                write(stage.get(), 1 + i / 9, Kind.END);
            }
            task.seconds(own.topic, 1);
            readAborts();
        }
        assertThat(openStage()).as("every stage ends").isEmpty();
        if (own == Side.TURNS) {
            task.give(Records.command(CHAT, new RunCommand.CloseRun(Optional.empty())));
        }
    }

    /** The worker of the other run, whose claim it has, ends its first stage. */
    void completeTheOther() {
        Side waits = own.other();
        task.give(waits.record(Kind.END, StageId.of(waits.run(), 1), 1, 2, waits.worker));
    }

    private Optional<StageId> openStage() {
        Optional<StageId> open = Optional.empty();
        for (LogRecord record : spine(own.run())) {
            if (record.headers().mark() == Mark.CHAPTER_OPEN) {
                open = record.headers().stage();
            } else if (record.headers().mark() == Mark.CHAPTER_CLOSE) {
                open = Optional.empty();
            }
        }
        return open;
    }

    List<LogRecord> spine(RunId run) {
        return records(Topic.RUN_EVENTS, run);
    }

    List<LogRecord> records(Topic topic, RunId run) {
        return task.records(topic).stream().filter(it -> it.run().equals(run)).toList();
    }

    List<String> types(RunId run) {
        return spine(run).stream().map(it -> it.headers().type()).toList();
    }

    List<RunFact> facts(RunId run) {
        return spine(run).stream().map(HostileStory::fact).toList();
    }

    private static RunFact fact(LogRecord record) {
        try {
            return Records.CODEC
                    .decode(Topic.RUN_EVENTS, RunEvent.class, record.value())
                    .payload();
        } catch (UndecodableRecord e) {
            throw new AssertionError(e);
        }
    }

    RunFact.RunCompleted completed(RunId run) {
        return facts(run).stream()
                .filter(RunFact.RunCompleted.class::isInstance)
                .map(RunFact.RunCompleted.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
