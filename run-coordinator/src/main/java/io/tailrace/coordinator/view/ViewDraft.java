package io.tailrace.coordinator.view;

import io.tailrace.events.id.StageId;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.RunView.ApprovalView;
import io.tailrace.events.run.RunView.ChatView;
import io.tailrace.events.run.RunView.NumberedSpot;
import io.tailrace.events.run.RunView.StagePart;
import io.tailrace.events.run.RunView.StageView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A view that is being changed. Used once, by one thread. */
final class ViewDraft {
    /** How many stages the view of a chat has at the most: the last ones. */
    private static final int STAGES_OF_A_CHAT = 16;

    /** How many stages the view of a plan has at the most that are not the end of their step: the last ones. */
    private static final int PARTS_OF_A_PLAN = 64;

    private final RunView before;
    final Optional<ChatDraft> chat;
    final List<StageView> stages;
    final List<ApprovalView> approvals;
    RunStatus status;
    Optional<Instant> startedAt;
    Optional<Instant> completedAt;
    Optional<Instant> cancelRequestedAt;
    Optional<Failure> failure;
    NumberedSpot numbered;
    long lastOffset;

    ViewDraft(RunView before) {
        this.before = before;
        this.chat = before.chat().map(ChatDraft::new);
        this.stages = new ArrayList<>(before.stages());
        this.approvals = new ArrayList<>(before.openApprovals());
        this.status = before.status();
        this.startedAt = before.startedAt();
        this.completedAt = before.completedAt();
        this.cancelRequestedAt = before.cancelRequestedAt();
        this.failure = before.failure();
        this.numbered = before.numbered();
        this.lastOffset = before.lastOffset();
    }

    static ViewDraft created(RunEvent event, RunFact.RunCreated created, int partition, long offset) {
        return new ViewDraft(new RunView(
                event.runId(),
                created.workspace(),
                created.kind(),
                created.title(),
                RunStatus.QUEUED,
                event.occurredAt(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                created.retryOf(),
                Optional.empty(),
                created.plan(),
                created.limits(),
                List.of(),
                created.requestDigest(),
                partition,
                offset,
                new NumberedSpot(offset, 1, event.eventId().prefix()),
                offset,
                created.plan().chat().map(_ -> new ChatView(0, false, List.of()))));
    }

    void addStage(StageView stage) {
        stages.add(stage);
        if (chat.isPresent() && stages.size() > STAGES_OF_A_CHAT) {
            stages.removeFirst();
        }
        if (stages.stream().filter(it -> it.part().isPresent()).count() > PARTS_OF_A_PLAN) {
            stages.remove(oldest(StagePart.TOOL_CALL)
                    .or(() -> oldest(StagePart.PAUSED))
                    .orElseThrow());
        }
    }

    /** What executed a call goes first: a step is known by the stage in which its turn is paused. */
    private Optional<StageView> oldest(StagePart part) {
        return stages.stream().filter(it -> it.part().equals(Optional.of(part))).findFirst();
    }

    void changeStage(Optional<StageId> id, UnaryOperator<StageView> change) {
        stages.replaceAll(it -> id.equals(Optional.of(it.stageId())) ? change.apply(it) : it);
    }

    RunView view() {
        return new RunView(
                before.runId(),
                before.workspace(),
                before.kind(),
                before.title(),
                status,
                before.createdAt(),
                startedAt,
                completedAt,
                cancelRequestedAt,
                before.retryOf(),
                failure,
                before.plan(),
                before.limits(),
                stages,
                before.requestDigest(),
                before.partition(),
                before.firstOffset(),
                numbered,
                lastOffset,
                chat.map(ChatDraft::view),
                Optional.of(approvals).filter(it -> !it.isEmpty()).map(List::copyOf));
    }
}
