package io.tailrace.coordinator.view;

import io.tailrace.events.run.Failure;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.RunView.ApprovalView;
import io.tailrace.events.run.RunView.NumberedSpot;
import io.tailrace.events.run.RunView.StagePart;
import io.tailrace.events.run.RunView.StageView;
import io.tailrace.events.text.Excerpt;
import java.util.Optional;

/** Projects run-events to views. Pure. */
public final class RunProjection {
    private RunProjection() {}

    /**
     * The view after an event.
     *
     * @param before the view so far; absent before the run's creation
     * @param partition where the event is in run-events
     * @param offset where the event is in run-events
     * @return nothing if it is an event of a run whose creation is not known
     */
    public static Optional<RunView> project(Optional<RunView> before, RunEvent event, int partition, long offset) {
        ViewDraft draft;
        if (event.payload() instanceof RunFact.RunCreated created) {
            draft = ViewDraft.created(event, created, partition, offset);
        } else if (before.isPresent()) {
            draft = new ViewDraft(before.get());
            apply(draft, event);
            settle(draft);
        } else {
            return Optional.empty();
        }
        draft.lastOffset = offset;
        event.runSequence()
                .filter(_ -> event.payload().count() > 0)
                .ifPresent(sequence -> draft.numbered =
                        new NumberedSpot(offset, sequence, event.eventId().prefix()));
        return Optional.of(draft.view());
    }

    private static void apply(ViewDraft draft, RunEvent event) {
        switch (event.payload()) {
            case RunFact.RunCreated _, RunFact.TurnCancelRequested _ -> {}
            case RunFact.RunStarted _ -> {
                if (draft.chat.isPresent()) {
                    draft.status = RunStatus.IDLE;
                    draft.startedAt = Optional.of(event.occurredAt());
                }
            }
            case RunFact.TurnSubmitted submitted ->
                draft.chat.ifPresent(it -> it.submitted(submitted.turnId(), submitted.input(), event.occurredAt()));
            case RunFact.TurnRejected rejected ->
                draft.chat.ifPresent(it ->
                        it.rejected(rejected.turnId(), rejected.reason(), rejected.message(), event.occurredAt()));
            case RunFact.RunCloseRequested _ -> draft.chat.ifPresent(ChatDraft::closing);
            case RunFact.StageRequested requested -> {
                requested.turnId().ifPresent(turn -> draft.chat.ifPresent(it -> it.dispatched(turn, requested.step())));
                draft.addStage(new StageView(
                        event.stageId().orElseThrow(),
                        requested.step(),
                        requested.attempt(),
                        Optional.empty(),
                        Optional.empty(),
                        event.occurredAt(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        requested.call().map(_ -> StagePart.TOOL_CALL)));
            }
            case RunFact.RunProgress progress -> progress(draft, event, progress);
            case RunFact.StageRedispatched redispatched ->
                draft.changeStage(
                        event.stageId(),
                        it -> new StageView(
                                it.stageId(),
                                it.step(),
                                redispatched.attempt(),
                                Optional.empty(),
                                Optional.empty(),
                                it.requestedAt(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                it.part()));
            case RunFact.RunCancelRequested _ -> {
                draft.status = RunStatus.CANCELING;
                draft.approvals.clear();
                draft.cancelRequestedAt = Optional.of(event.occurredAt());
            }
            case RunFact.StageFinished finished -> {
                draft.chat.ifPresent(chat ->
                        chat.finished(finished.step(), finished.outcome(), finished.failure(), event.occurredAt()));
                draft.changeStage(
                        event.stageId(),
                        it -> new StageView(
                                it.stageId(),
                                it.step(),
                                finished.attempt(),
                                Optional.of(finished.outcome()),
                                finished.worker(),
                                it.requestedAt(),
                                finished.startedAt(),
                                Optional.of(event.occurredAt()),
                                Optional.of(finished.duration()),
                                finished.failure().map(failure -> shown(failure, it)),
                                Optional.of(finished.chapter().lastOffset()),
                                finished.pause().map(_ -> StagePart.PAUSED).or(it::part)));
            }
            case RunFact.ToolApprovalRequested asked -> {
                draft.status = RunStatus.WAITING;
                draft.approvals.add(new ApprovalView(
                        asked.approvalId(),
                        asked.call().stage(),
                        asked.call().tool(),
                        asked.arguments(),
                        asked.length(),
                        event.occurredAt(),
                        asked.timeout()));
            }
            case RunFact.ToolApprovalDecided decided -> {
                draft.approvals.removeIf(it -> it.approvalId().equals(decided.approvalId()));
                if (draft.approvals.isEmpty() && draft.status == RunStatus.WAITING) {
                    draft.status = RunStatus.RUNNING;
                }
            }
            case RunFact.RunCompleted completed -> {
                draft.approvals.clear();
                draft.status = RunStatus.of(completed.outcome());
                draft.completedAt = Optional.of(event.occurredAt());
                draft.failure = completed.failure();
            }
        }
    }

    /** A chat is idle when it has no turn, and not between two of them: whoever has submitted one waits for that. */
    private static void settle(ViewDraft draft) {
        boolean goesOn = draft.status == RunStatus.IDLE || draft.status == RunStatus.RUNNING;
        if (goesOn) {
            draft.chat.ifPresent(chat -> draft.status = chat.hasOpenTurns() ? RunStatus.RUNNING : RunStatus.IDLE);
        }
    }

    /** Many stages of a plan can be calls of tools, and all of them can fail. */
    private static Failure shown(Failure failure, StageView stage) {
        return stage.part().isPresent()
                ? new Failure(failure.code(), Excerpt.of(failure.message(), 200), failure.phase())
                : failure;
    }

    private static void progress(ViewDraft draft, RunEvent event, RunFact.RunProgress progress) {
        if (draft.status == RunStatus.QUEUED) {
            draft.status = RunStatus.RUNNING;
        }
        draft.startedAt = draft.startedAt.or(() -> Optional.of(event.occurredAt()));
        draft.changeStage(
                event.stageId(),
                it -> new StageView(
                        it.stageId(),
                        it.step(),
                        progress.attempt(),
                        Optional.empty(),
                        Optional.of(progress.worker()),
                        it.requestedAt(),
                        Optional.of(event.occurredAt()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        it.part()));
    }
}
