package io.tailrace.coordinator.decide;

import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Pause;
import io.tailrace.events.run.RunFact.StageFinished;
import io.tailrace.events.run.RunFact.ToolApprovalDecided;
import io.tailrace.events.text.Excerpt;
import io.tailrace.events.work.Continuation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A turn of a plan's prompt that was paused, from its first pause to its end: what it waited for last, and what became of
 * that. Texts are not in it but for reasons: what the model said lies in the log.
 *
 * @param step the number of the prompt in its plan, from 1
 * @param turn the turn's id, of its first stage
 * @param stages those in which it was paused, in order; at least one
 * @param round whose calls it waited for last, from 1
 * @param calls those that it waited for last, in the order of their round
 * @param building the call that the open stage executes
 */
@AvroName(namespace = "io.tailrace.coordinator.decide")
public record PausedTurn(
        int step,
        TurnId turn,
        List<Continuation.PausedStage> stages,
        int round,
        List<WaitingCall> calls,
        Optional<Integer> building) {

    /** The most characters of reasons, or of failures, that are kept of all calls together. */
    private static final int MOST_KEPT = 64 * 1024;

    public PausedTurn {
        stages = List.copyOf(stages);
        calls = List.copyOf(calls);
    }

    /**
     * A call that the turn waited for.
     *
     * @param index among the calls of the round, from 0
     * @param tool one of the step's
     * @param decision what a person said
     * @param reason why it is not allowed; not kept of a call that is
     * @param built how the build ended that executed it
     */
    public record WaitingCall(
            int index,
            String tool,
            Optional<ApprovalDecision> decision,
            Optional<String> reason,
            Optional<BuiltCall> built) {
        private static WaitingCall of(Pause.PausedCall call) {
            return new WaitingCall(call.index(), call.tool(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        private WaitingCall decided(ToolApprovalDecided fact, int shown) {
            Optional<String> told = fact.decision() == ApprovalDecision.DENIED
                    ? fact.reason().map(it -> Excerpt.beginning(it, shown))
                    : Optional.empty();
            return new WaitingCall(index, tool, Optional.of(fact.decision()), told, built);
        }

        private WaitingCall built(BuiltCall result) {
            return new WaitingCall(index, tool, decision, reason, Optional.of(result));
        }

        private Continuation.CallAnswer answer(int round, int partition) {
            return new Continuation.CallAnswer(round, index, decision, reason, built.map(it -> it.answer(partition)));
        }
    }

    /** How a build ended that executed a call, and where its chapter lies. */
    public record BuiltCall(
            StageId stage,
            ChapterRange chapter,
            Outcome outcome,
            Optional<Integer> exitCode,
            Optional<Failure> failure) {
        private Continuation.BuildAnswer answer(int partition) {
            return new Continuation.BuildAnswer(
                    stage,
                    new LogPosition(StageKind.BUILD.events(), partition, chapter.firstOffset()),
                    chapter.lastOffset(),
                    outcome,
                    exitCode,
                    failure);
        }
    }

    /** The turn is paused in a stage, for the first time or once more. */
    static PausedTurn of(Optional<PausedTurn> before, StageId stage, StageFinished finished, Pause pause) {
        List<Continuation.PausedStage> stages =
                new ArrayList<>(before.map(PausedTurn::stages).orElse(List.of()));
        stages.add(new Continuation.PausedStage(stage, finished.chapter()));
        return new PausedTurn(
                finished.step(),
                before.map(PausedTurn::turn).orElseGet(() -> TurnId.of(stage)),
                stages,
                pause.round(),
                pause.calls().stream().map(WaitingCall::of).toList(),
                Optional.empty());
    }

    /** The stage that it was paused in last. */
    Continuation.PausedStage last() {
        return stages.getLast();
    }

    /** By which a person's answer to the question about a call is known. */
    ApprovalId approval(WaitingCall call) {
        return ApprovalId.of(last().stage(), round, call.index());
    }

    /** The calls that a person is still asked about. */
    List<WaitingCall> asked(ToolUse tools) {
        return calls.stream()
                .filter(it -> it.decision().isEmpty())
                .filter(it -> tools.named(it.tool())
                        .filter(tool -> tool.approval().isPresent())
                        .isPresent())
                .toList();
    }

    /** The next call that a build is to execute, once no person is asked any more. */
    Optional<WaitingCall> nextBuild(ToolUse tools) {
        return calls.stream()
                .filter(it -> it.built().isEmpty())
                .filter(it -> it.decision().isEmpty() || it.decision().get() == ApprovalDecision.APPROVED)
                .filter(it -> tools.named(it.tool())
                        .filter(tool -> !tool.isExecutedInTurn())
                        .isPresent())
                .findFirst();
    }

    /** The call that the open stage executes. */
    Optional<WaitingCall> isBuilding() {
        return building.flatMap(
                index -> calls.stream().filter(it -> it.index() == index).findFirst());
    }

    PausedTurn decided(ToolApprovalDecided fact) {
        return with(it -> approval(it).equals(fact.approvalId()), it -> it.decided(fact, shown()));
    }

    PausedTurn buildRequested(int index) {
        return new PausedTurn(step, turn, stages, round, calls, Optional.of(index));
    }

    PausedTurn built(StageId stage, StageFinished finished) {
        int index = building.orElseThrow();
        BuiltCall result = new BuiltCall(
                stage,
                finished.chapter(),
                finished.outcome(),
                finished.exitCode(),
                finished.failure().map(it -> new Failure(it.code(), Excerpt.of(it.message(), shown()), it.phase())));
        return with(it -> it.index() == index, it -> it.built(result)).withoutBuild();
    }

    private int shown() {
        return MOST_KEPT / Math.max(1, calls.size());
    }

    private PausedTurn withoutBuild() {
        return new PausedTurn(step, turn, stages, round, calls, Optional.empty());
    }

    private PausedTurn with(Predicate<WaitingCall> which, UnaryOperator<WaitingCall> change) {
        return new PausedTurn(
                step,
                turn,
                stages,
                round,
                calls.stream().map(it -> which.test(it) ? change.apply(it) : it).toList(),
                building);
    }

    /** What the stage that goes on with the turn is told. */
    Continuation continuation(int partition) {
        return new Continuation(
                stages, calls.stream().map(it -> it.answer(round, partition)).toList());
    }
}
