package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.plan.TurnPolicy;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.RunView.TurnStatus;
import io.tailrace.events.run.RunView.TurnView;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.events.work.TurnRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes out of the topology for chats. */
class ChatTopologyTest {
    private static final RunId RUN = new RunId("r-chat");
    private static final Instant SAID_AT = Instant.parse("2026-11-21T09:00:00Z");

    @TempDir
    private Path stateDir;

    private DrivenTopology log;

    @BeforeEach
    void start() {
        log = new DrivenTopology(stateDir);
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void aTurnIsOnTheSpineInItsOwnQueueAndInTheReadModel() {
        create(TurnPolicy.REJECT);
        assertThat(view().status()).isEqualTo(RunStatus.IDLE);
        log.seconds(3);
        submit("t-one");

        assertThat(log.spine())
                .containsExactly("run.created #1", "run.started #2", "turn.submitted #3", "stage.requested #4");
        TurnRequest request = requests().getFirst();
        assertThat(request.turnId()).isEqualTo(new TurnId("t-one"));
        assertThat(request.message().orElseThrow().offset())
                .as("the second command")
                .isEqualTo(1);
        assertThat(request.chapterFrom().topic()).isEqualTo(Topic.TURN_EVENTS);
        assertThat(request.chapterFrom().offset()).as("after three ticks").isEqualTo(3);
        assertThat(log.output(Topic.BUILD_REQUESTS)).isEmpty();
        assertThat(view().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(turn("t-one").status()).isEqualTo(TurnStatus.RUNNING);
        assertThat(turn("t-one").step()).contains(1);
    }

    /** Readers follow a chapter in its topic; and a build executes strangers' code. */
    @Test
    void whatIsWrittenToBuildEventsIsNoPartOfATurn() {
        create(TurnPolicy.REJECT);
        submit("t-one");
        log.give(Records.of(RUN, 1, 1, 1, "a", Records.claim()));
        log.give(Records.of(RUN, 1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED)));

        assertThat(log.spine()).last().isEqualTo("stage.requested #4");
        assertThat(turn("t-one").status()).isEqualTo(TurnStatus.RUNNING);
        assertThat(log.registry
                        .counter(
                                "tailrace.coordinator.refused.records",
                                "topic",
                                Topic.BUILD_EVENTS.topicName(),
                                "reason",
                                "other_stage")
                        .count())
                .isEqualTo(2);
    }

    @Test
    void turnsGoOnFromWhereTheLastOnesLie() {
        create(TurnPolicy.ENQUEUE);
        submit("t-one");
        submit("t-two");
        assertThat(turn("t-two").status()).isEqualTo(TurnStatus.QUEUED);
        write(1, 1, new TurnFact.AttemptStarted(new TurnId("t-one")));
        write(1, 2, new TurnFact.TurnCompleted(content("t-one"), TurnFact.FinishReason.STOP));

        assertThat(turn("t-one").status()).isEqualTo(TurnStatus.SUCCEEDED);
        assertThat(turn("t-two").status()).isEqualTo(TurnStatus.RUNNING);
        assertThat(log.views().stream().skip(2))
                .as("whoever has submitted a turn waits for the next idle")
                .extracting(it -> it.orElseThrow().status())
                .isNotEmpty()
                .containsOnly(RunStatus.RUNNING);
        assertThat(requests().getLast().history()).containsExactly(1L);
        assertThat(requests().getLast().turnId()).isEqualTo(new TurnId("t-two"));
        write(2, 1, new TurnFact.AttemptStarted(new TurnId("t-two")));
        write(
                2,
                2,
                new TurnFact.TurnFailed(content("t-two"), new TurnFailure("rate_limited", "Wait.", true, Map.of())));

        assertThat(turn("t-two").status()).isEqualTo(TurnStatus.FAILED);
        assertThat(turn("t-two").code()).contains("rate_limited");
        assertThat(view().status()).isEqualTo(RunStatus.IDLE);
        give(new RunCommand.CloseRun(Optional.empty()));
        assertThat(view().status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @Test
    void aRejectedTurnIsInTheReadModelWithItsReason() {
        create(TurnPolicy.REJECT);
        submit("t-one");
        submit("t-two");

        assertThat(turn("t-two").status()).isEqualTo(TurnStatus.REJECTED);
        assertThat(turn("t-two").code()).contains("turn_active");
        assertThat(turn("t-two").finishedAt()).isPresent();
    }

    @Test
    void aSilentTurnIsDispatchedAgainByItsOwnTopicsClock() {
        create(TurnPolicy.REJECT);
        submit("t-one");
        log.seconds(1);
        write(1, 1, new TurnFact.AttemptStarted(new TurnId("t-one")));
        log.seconds(7);

        assertThat(log.spine()).endsWith("run.progress", "stage.redispatched");
        assertThat(requests()).extracting(it -> it.attempt().value()).containsExactly(1, 2);
    }

    @Test
    void aForcedEndGoesToTheTurnsTopic() {
        create(TurnPolicy.REJECT);
        submit("t-one");
        give(new RunCommand.CancelTurn(new TurnId("t-one"), Optional.empty()));
        assertThat(log.appended).extracting(it -> it.topic()).containsExactly("tailrace.turn-events");
        log.readAborts();

        assertThat(turn("t-one").status()).isEqualTo(TurnStatus.CANCELED);
        assertThat(view().status()).isEqualTo(RunStatus.IDLE);
    }

    @Test
    void aLongChatHasASmallView() {
        create(TurnPolicy.REJECT);
        for (int i = 1; i <= 100; i++) {
            submit("t-" + (1000 + i));
            write(i, 1, new TurnFact.AttemptStarted(new TurnId("t-" + (1000 + i))));
            write(i, 2, new TurnFact.TurnCompleted(content("t-" + (1000 + i)), TurnFact.FinishReason.STOP));
        }

        RunView.ChatView chat = view().chat().orElseThrow();
        assertThat(chat.turns()).isEqualTo(100);
        assertThat(chat.recent()).hasSize(RunView.ChatView.RECENT_TURNS);
        assertThat(chat.recent().getLast().turnId()).isEqualTo(new TurnId("t-1100"));
        assertThat(view().stages()).hasSize(16);
        assertThat(requests().getLast().history()).hasSize(99);
    }

    private void create(TurnPolicy policy) {
        give(new RunCommand.CreateRun(
                new WorkspaceId("demo"),
                "chat",
                Optional.empty(),
                Plan.of(new ChatPlan(
                        policy,
                        2,
                        Duration.ofDays(1),
                        new ModelChoice("scripted", Optional.empty()),
                        Optional.empty(),
                        Generation.DEFAULT)),
                Limits.DEFAULT,
                Optional.empty(),
                "digest"));
    }

    private void submit(String turn) {
        give(new RunCommand.SubmitTurn(new TurnId(turn), TurnInput.of("Hello")));
    }

    private void give(RunCommand.Command command) {
        log.give(Records.KAFKA.command(new RunCommand(RUN, EventId.of(new UUID(1, 1)), SAID_AT, command)));
    }

    private void write(int step, long sequence, TurnFact fact) {
        log.give(Records.KAFKA.stageEvent(
                0,
                TurnEvent.ofAttempt(
                        EventId.of(new UUID(sequence, step)),
                        StageId.of(RUN, step),
                        Attempt.FIRST,
                        sequence,
                        new WorkerId("a"),
                        SAID_AT,
                        fact)));
    }

    private static TurnFact.TurnContent content(String turn) {
        return new TurnFact.TurnContent(
                new TurnId(turn),
                "Hello",
                new AssistantMessage("Hi", Optional.empty(), List.of()),
                "scripted",
                "echo",
                Usage.NONE,
                Duration.ZERO,
                Optional.empty(),
                Optional.empty());
    }

    private final List<TurnRequest> requestsRead = new ArrayList<>();

    private List<TurnRequest> requests() {
        log.output(Topic.TURN_REQUESTS)
                .forEach(it ->
                        requestsRead.add(DrivenTopology.decode(Topic.TURN_REQUESTS, TurnRequest.class, it.value())));
        return requestsRead;
    }

    private RunView view() {
        return log.view(RUN);
    }

    private TurnView turn(String turn) {
        return view().chat().orElseThrow().turn(new TurnId(turn)).orElseThrow();
    }
}
