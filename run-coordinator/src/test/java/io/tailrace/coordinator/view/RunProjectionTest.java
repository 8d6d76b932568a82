package io.tailrace.coordinator.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Pause;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunFact.RedispatchReason;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunProjectionTest {
    private static final RunId RUN = new RunId("r-one");
    private static final StageId STAGE = StageId.of(RUN, 1);
    private static final WorkerId WORKER = new WorkerId("a");

    private Optional<RunView> view = Optional.empty();
    private long offset = 10;

    @Test
    void anEventOfAnUnknownRunMakesNoView() {
        assertThat(RunProjection.project(
                        Optional.empty(), event(Optional.empty(), Optional.of(2L), new RunFact.RunStarted(1)), 3, 11))
                .isEmpty();
    }

    @Test
    void queuedUntilTheFirstClaim() {
        requested();

        assertThat(view().status()).isEqualTo(RunStatus.QUEUED);
        assertThat(view().startedAt()).isEmpty();
        assertThat(view().partition()).isEqualTo(3);
        assertThat(view().firstOffset()).isEqualTo(11);
        assertThat(view().numbered().offset()).isEqualTo(13);
        assertThat(view().numbered().sequence()).isEqualTo(3);
        assertThat(view().numbered().eventIdPrefix()).isEqualTo(eventId(13).prefix());

        progress(1);
        assertThat(view().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(view().startedAt()).contains(at(14));
        assertThat(view().numbered().offset())
                .as("what has no number is no place for a cursor")
                .isEqualTo(13);
        assertThat(view().lastOffset()).isEqualTo(14);
        assertThat(stage().worker()).contains(WORKER);
    }

    @Test
    void aStageThatIsDispatchedAgainHasNoWorkerForNow() {
        requested();
        progress(1);
        state(
                Optional.empty(),
                new RunFact.StageRedispatched(
                        new Attempt(2), RedispatchReason.SILENCE, Optional.of(WORKER), Duration.ofSeconds(7)));

        assertThat(stage().attempt()).isEqualTo(new Attempt(2));
        assertThat(stage().worker()).isEmpty();
        assertThat(stage().startedAt()).isEmpty();
        progress(2);
        assertThat(stage().worker()).contains(WORKER);
        assertThat(view().startedAt()).as("of the run it is the first").contains(at(14));
    }

    @Test
    void aClaimDoesNotHideThatTheRunIsBeingCanceled() {
        requested();
        state(Optional.empty(), new RunFact.RunCancelRequested(Optional.empty()));
        progress(1);

        assertThat(view().status()).isEqualTo(RunStatus.CANCELING);
        assertThat(view().cancelRequestedAt()).contains(at(14));
    }

    @Test
    void theEndIsFinal() {
        Failure failure = Failure.of("phase_failed", "It failed.");
        requested();
        progress(1);
        state(
                Optional.of(9L),
                new RunFact.StageFinished(
                        1,
                        Attempt.FIRST,
                        Outcome.FAILED,
                        Optional.of(failure),
                        Optional.of(2),
                        new ChapterRange(1, 5),
                        Optional.of(WORKER),
                        Optional.of(at(14)),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        5,
                        2));
        state(
                Optional.of(10L),
                new RunFact.RunCompleted(Outcome.FAILED, Optional.of(failure), Duration.ofSeconds(5), 1, 1, 10, 2));

        assertThat(view().status()).isEqualTo(RunStatus.FAILED);
        assertThat(view().completedAt()).contains(at(16));
        assertThat(view().failure()).contains(failure);
        assertThat(view().numbered().sequence()).isEqualTo(10);
        assertThat(stage().outcome()).contains(Outcome.FAILED);
        assertThat(stage().finishedAt()).contains(at(15));
        assertThat(stage().duration()).contains(Duration.ofSeconds(3));
    }

    private RunView view() {
        return view.orElseThrow();
    }

    private RunView.StageView stage() {
        return view().stages().getFirst();
    }

    @Test
    void aRunWaitsForAsLongAsAPersonIsAsked() {
        requested();
        progress(1);
        finished(Optional.of(new Pause(1, List.of(new Pause.PausedCall(0, "ask"), new Pause.PausedCall(1, "ask")))));
        assertThat(stage().part()).contains(RunView.StagePart.PAUSED);
        assertThat(view().status()).isEqualTo(RunStatus.RUNNING);
        asked("1-1-0", 5);
        asked("1-1-1", 6);

        assertThat(view().status()).isEqualTo(RunStatus.WAITING);
        assertThat(view().openApprovals())
                .extracting(it -> it.approvalId().value())
                .containsExactly("1-1-0", "1-1-1");
        decided("1-1-0", 7);
        assertThat(view().status()).isEqualTo(RunStatus.WAITING);
        decided("1-1-1", 8);
        assertThat(view().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(view().openApprovals()).isEmpty();
    }

    @Test
    void whoIsAskedIsForgottenWithTheRunsEnd() {
        requested();
        asked("1-1-0", 5);
        state(Optional.of(6L), new RunFact.RunCancelRequested(Optional.empty()));

        assertThat(view().status()).isEqualTo(RunStatus.CANCELING);
        assertThat(view().openApprovals()).isEmpty();
        asked("1-1-1", 7);
        state(Optional.of(8L), new RunFact.RunCompleted(Outcome.FAILED, Optional.empty(), Duration.ZERO, 1, 1, 8, 0));
        assertThat(view().openApprovals()).isEmpty();
    }

    @Test
    void whatAStageIsOfItsStepStaysWhatItIs() {
        requested();
        state(
                Optional.of(4L),
                new RunFact.StageRequested(
                        1,
                        1,
                        "commands",
                        Attempt.FIRST,
                        new LogPosition(Topic.BUILD_EVENTS, 3, 0),
                        Optional.empty(),
                        Optional.of(new RunFact.ToolCallSpot(STAGE, 1, 0, "make"))));
        progress(1);
        state(
                Optional.empty(),
                new RunFact.StageRedispatched(
                        new Attempt(2), RedispatchReason.SILENCE, Optional.of(WORKER), Duration.ofSeconds(7)));
        progress(2);
        finished(Optional.empty());

        assertThat(view().stages().getLast().part()).contains(RunView.StagePart.TOOL_CALL);
    }

    /** Of a turn that is paused again and again only the last stages are shown, and the end of each step. */
    @Test
    void aViewHasABoundHoweverOftenATurnIsPaused() {
        requested();
        for (int stage = 2; stage <= 200; stage++) {
            view = RunProjection.project(
                    view,
                    event(
                            Optional.of(StageId.of(RUN, stage)),
                            Optional.empty(),
                            new RunFact.StageRequested(
                                    1,
                                    1,
                                    "commands",
                                    Attempt.FIRST,
                                    new LogPosition(Topic.BUILD_EVENTS, 3, 0),
                                    Optional.empty(),
                                    Optional.of(new RunFact.ToolCallSpot(STAGE, 1, 0, "make")))),
                    3,
                    offset + stage);
        }

        assertThat(view().stages())
                .hasSize(65)
                .extracting(RunView.StageView::stageId)
                .startsWith(STAGE);
        assertThat(view().stages().getLast().stageId()).isEqualTo(StageId.of(RUN, 200));
    }

    /** By where its turn is paused a step is known; what executed calls goes first, and says little of its failure. */
    @Test
    void whereATurnIsPausedStaysWhateverItBuilds() {
        requested();
        finished(Optional.of(new Pause(1, List.of(new Pause.PausedCall(0, "make")))));
        for (int stage = 2; stage <= 100; stage++) {
            StageId id = StageId.of(RUN, stage);
            state(
                    id,
                    new RunFact.StageRequested(
                            1,
                            1,
                            "commands",
                            Attempt.FIRST,
                            new LogPosition(Topic.BUILD_EVENTS, 3, 0),
                            Optional.empty(),
                            Optional.of(new RunFact.ToolCallSpot(STAGE, 1, 0, "make"))));
            state(
                    id,
                    new RunFact.StageFinished(
                            1,
                            new Attempt(1),
                            Outcome.FAILED,
                            Optional.of(Failure.of("phase_failed", "x".repeat(4096))),
                            Optional.empty(),
                            new ChapterRange(1, 2),
                            Optional.of(WORKER),
                            Optional.of(at(1)),
                            Duration.ZERO,
                            Duration.ZERO,
                            2,
                            0));
        }

        assertThat(view().stages().getFirst().part()).contains(RunView.StagePart.PAUSED);
        assertThat(view().stages().getLast().failure().orElseThrow().message()).hasSizeLessThan(300);
    }

    private void state(StageId stage, RunFact fact) {
        offset++;
        view = RunProjection.project(view, event(Optional.of(stage), Optional.of(offset), fact), 3, offset);
    }

    private void asked(String approval, long sequence) {
        state(
                Optional.of(sequence),
                new RunFact.ToolApprovalRequested(
                        new ApprovalId(approval),
                        new RunFact.ToolCallSpot(STAGE, 1, 0, "ask"),
                        "{}",
                        2,
                        Duration.ofHours(1)));
    }

    private void decided(String approval, long sequence) {
        state(
                Optional.of(sequence),
                new RunFact.ToolApprovalDecided(
                        new ApprovalId(approval), ApprovalDecision.DENIED, Optional.empty(), Optional.empty()));
    }

    private void finished(Optional<Pause> pause) {
        state(
                Optional.of(4L),
                new RunFact.StageFinished(
                        1,
                        new Attempt(1),
                        Outcome.SUCCEEDED,
                        Optional.empty(),
                        Optional.empty(),
                        new ChapterRange(1, 2),
                        Optional.of(WORKER),
                        Optional.of(at(1)),
                        Duration.ZERO,
                        Duration.ZERO,
                        2,
                        0,
                        Optional.empty(),
                        pause));
    }

    private void requested() {
        state(
                Optional.of(1L),
                new RunFact.RunCreated(
                        new WorkspaceId("demo"),
                        "build",
                        Optional.of("title"),
                        new Plan(List.of()),
                        Limits.DEFAULT,
                        Optional.empty(),
                        "digest"));
        state(Optional.of(2L), new RunFact.RunStarted(1));
        state(
                Optional.of(3L),
                new RunFact.StageRequested(1, 1, "commands", Attempt.FIRST, new LogPosition(Topic.BUILD_EVENTS, 3, 0)));
    }

    private void progress(int attempt) {
        state(Optional.empty(), new RunFact.RunProgress(1, 1, new Attempt(attempt), WORKER, Duration.ZERO));
    }

    private void state(Optional<Long> sequence, RunFact fact) {
        offset++;
        view = RunProjection.project(view, event(Optional.of(STAGE), sequence, fact), 3, offset);
    }

    private RunEvent event(Optional<StageId> stage, Optional<Long> sequence, RunFact fact) {
        return new RunEvent(RUN, eventId(offset), stage, sequence, at(offset), fact);
    }

    private static EventId eventId(long offset) {
        return EventId.of(new UUID(offset * 0x9E3779B97F4A7C15L, offset));
    }

    private static Instant at(long offset) {
        return Instant.parse("2026-11-21T10:00:00Z").plusSeconds(offset);
    }
}
