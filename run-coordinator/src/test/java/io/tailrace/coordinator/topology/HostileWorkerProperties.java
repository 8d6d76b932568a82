package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.coordinator.reading.BookReading;
import io.tailrace.coordinator.topology.HostileRecords.Hostile;
import io.tailrace.events.build.BuildFact;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.command.RunCommand;
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
import io.tailrace.events.turn.AssistantMessage;
import io.tailrace.events.turn.TurnEvent;
import io.tailrace.events.turn.TurnFact;
import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A build-worker that lies, with its own rights alone. Whoever may write to build-events can end a build there; but the
 * coordinator goes on, everybody counts the same, whatever is refused is counted, and turns are none of its business.
 */
class HostileWorkerProperties {
    private static final RunId BUILD = new RunId("r-one");
    private static final RunId CHAT = new RunId("r-chat");
    private static final TurnId TURN = new TurnId("t-one");
    private static final Instant SAID_AT = Instant.parse("2026-11-21T09:00:00Z");
    private static final Limits LIMITS =
            new Limits(Duration.ofMinutes(10), Duration.ofMinutes(2), Duration.ofMinutes(2), 3);

    @Property(tries = 300, seed = "20261129", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void nobodyStopsNobodyDisagreesAndNoTurnIsTouched(@ForAll("acts") List<Optional<Hostile>> acts) {
        Story story = new Story();
        for (Optional<Hostile> act : acts) {
            act.ifPresentOrElse(story::hostile, story::honest);
        }
        story.toTheEnd();

        assertThat(story.task
                        .registry
                        .counter("tailrace.coordinator.failed.decisions")
                        .count())
                .isZero();
        long events = BookReading.countToTheEnd(
                BUILD, 0, story.records(Topic.RUN_EVENTS, BUILD), story.records(Topic.BUILD_EVENTS, BUILD));
        assertThat(story.completed(BUILD).events()).isEqualTo(events);
        story.answerTheTurn();
        assertThat(story.facts(CHAT).stream().map(it -> it.type().wireName()))
                .containsExactly(
                        "run.created",
                        "run.started",
                        "turn.submitted",
                        "stage.requested",
                        "run.progress",
                        "stage.finished");
        assertThat((RunFact.StageFinished) story.facts(CHAT).getLast())
                .as("by the worker that answers")
                .satisfies(it -> assertThat(it.outcome()).isEqualTo(Outcome.SUCCEEDED))
                .satisfies(it -> assertThat(it.worker()).contains(new WorkerId("answers")));
    }

    @Provide
    Arbitrary<List<Optional<Hostile>>> acts() {
        return HostileRecords.about(BUILD, CHAT)
                .optional(0.8)
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }

    /** A build of two steps and a chat with an open turn, in one partition. */
    private static final class Story {
        final CheckedTask task = new CheckedTask(new File("target/hostile"));
        private final Map<String, Long> sequences = new HashMap<>();
        private final Map<StageId, Fence> fences = new HashMap<>();

        Story() {
            give(Records.create(BUILD, 2, LIMITS));
            give(Records.command(
                    CHAT,
                    new RunCommand.CreateRun(
                            new WorkspaceId("demo"),
                            "chat",
                            Optional.empty(),
                            Plan.of(new ChatPlan(
                                    TurnPolicy.REJECT,
                                    2,
                                    Duration.ofDays(1),
                                    new ModelChoice("scripted", Optional.empty()),
                                    Optional.empty(),
                                    Generation.DEFAULT)),
                            Limits.DEFAULT,
                            Optional.empty(),
                            "digest")));
            give(Records.command(CHAT, new RunCommand.SubmitTurn(TURN, TurnInput.of("Hello"))));
            turn(1, new TurnFact.AttemptStarted(TURN));
        }

        /** What a reader of the log makes of the record, and what the coordinator does: the same. */
        void hostile(Hostile act) {
            Optional<StageId> open = openStage();
            double refused = task.refused(Topic.BUILD_EVENTS);
            boolean counts = counts(act.record(), open);
            boolean clock = KafkaRecords.intake(
                            Topic.BUILD_EVENTS, act.record().key(), act.record().headers())
                    instanceof Intake.Clock;
            task.give(act.record());

            assertThat(task.refused(Topic.BUILD_EVENTS) - refused)
                    .as("refused: %s", act)
                    .isEqualTo(counts || clock ? 0 : 1);
        }

        private boolean counts(ProducerRecord<byte[], byte[]> record, Optional<StageId> open) {
            if (!(KafkaRecords.intake(Topic.BUILD_EVENTS, record.key(), record.headers())
                    instanceof Intake.Event event)) {
                return false;
            }
            Optional<StageId> stage = event.headers().stage();
            if (open.isEmpty() || !open.equals(stage)) {
                return false;
            }
            Fence.Judgment judgment =
                    fences.getOrDefault(open.get(), Fence.OPEN).judge(event.headers());
            fences.put(open.get(), judgment.next());
            return judgment.counts();
        }

        /** The honest worker takes what was dispatched, or goes on with it; time passes. */
        void honest() {
            openStage().ifPresent(stage -> {
                long redispatched = spine(BUILD).stream()
                        .filter(it -> it.headers().type().equals("stage.redispatched")
                                && it.headers().stage().equals(Optional.of(stage)))
                        .count();
                write(stage, Math.toIntExact(redispatched) + 1, Records.lines(1));
            });
            task.seconds(1);
            readAborts();
        }

        private void write(StageId stage, int attempt, BuildFact fact) {
            String key = stage.value() + "/" + attempt;
            long sequence = sequences.merge(key, 1L, Long::sum);
            ProducerRecord<byte[], byte[]> record =
                    Records.of(BUILD, step(stage), attempt, sequence, "honest", sequence == 1 ? Records.claim() : fact);
            boolean _ = counts(record, openStage());
            task.give(record);
        }

        private static int step(StageId stage) {
            return stage.equals(StageId.of(BUILD, 1)) ? 1 : 2;
        }

        private void readAborts() {
            Optional<StageId> before = openStage();
            task.readAborts();
            if (!openStage().equals(before)) {
                before.ifPresent(fences::remove);
            }
        }

        void toTheEnd() {
            for (int i = 0; i < 900 && openStage().isPresent(); i++) {
                Optional<StageId> stage = openStage();
                if (i % 9 == 0) {
                    write(stage.get(), 1 + i / 9, Records.completed(Outcome.SUCCEEDED));
                }
                task.seconds(1);
                readAborts();
            }
            assertThat(openStage()).as("the run ends").isEmpty();
        }

        void answerTheTurn() {
            turn(
                    2,
                    new TurnFact.TurnCompleted(
                            new TurnFact.TurnContent(
                                    TURN,
                                    "Hello",
                                    new AssistantMessage("Hi", Optional.empty(), List.of()),
                                    "scripted",
                                    "echo",
                                    Usage.NONE,
                                    Duration.ZERO,
                                    Optional.empty(),
                                    Optional.empty()),
                            TurnFact.FinishReason.STOP));
        }

        private void turn(long sequence, TurnFact fact) {
            give(Records.KAFKA.turnEvent(
                    0,
                    TurnEvent.ofAttempt(
                            EventId.of(new UUID(sequence, 1)),
                            StageId.of(CHAT, 1),
                            Attempt.FIRST,
                            sequence,
                            new WorkerId("answers"),
                            SAID_AT,
                            fact)));
        }

        private void give(ProducerRecord<byte[], byte[]> record) {
            task.give(record);
        }

        private Optional<StageId> openStage() {
            Optional<StageId> open = Optional.empty();
            for (LogRecord record : spine(BUILD)) {
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
            return task.records(topic).stream()
                    .filter(it -> it.run().equals(run))
                    .toList();
        }

        List<RunFact> facts(RunId run) {
            return spine(run).stream()
                    .map(it -> {
                        try {
                            return Records.CODEC
                                    .decode(Topic.RUN_EVENTS, RunEvent.class, it.value())
                                    .payload();
                        } catch (UndecodableRecord e) {
                            throw new AssertionError(e);
                        }
                    })
                    .toList();
        }

        RunFact.RunCompleted completed(RunId run) {
            return facts(run).stream()
                    .filter(RunFact.RunCompleted.class::isInstance)
                    .map(RunFact.RunCompleted.class::cast)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
