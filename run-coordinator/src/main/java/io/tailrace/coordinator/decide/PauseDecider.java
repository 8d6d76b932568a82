package io.tailrace.coordinator.decide;

import io.tailrace.events.command.RunCommand.DecideApproval;
import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunFact.ToolCallSpot;
import io.tailrace.events.text.Excerpt;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides what becomes of a turn that is paused: asks a person, has builds executed one after another, and goes on with the
 * turn in a stage of its own. Pure, as {@link RunDecider} is.
 */
final class PauseDecider {
    private PauseDecider() {}

    /** Asks about every call that needs it. */
    static void ask(Draft draft, StageEnd.AskedPause pause) {
        if (!(draft.state() instanceof RunState.Waiting waiting)) {
            return;
        }
        for (PausedTurn.WaitingCall call : waiting.asked()) {
            StageEnd.AskedCall asked = pause.call(call.index()).orElseThrow();
            emit(
                    draft,
                    new RunFact.ToolApprovalRequested(
                            waiting.turn().approval(call),
                            spot(waiting.turn(), call),
                            asked.arguments(),
                            asked.length(),
                            timeout(waiting, call)));
        }
    }

    /** A person has answered. What is not asked, or answered already, stays as it is. */
    static void answer(Draft draft, DecideApproval command) {
        if (draft.state() instanceof RunState.Waiting waiting && isAsked(waiting, command.approvalId())) {
            emit(
                    draft,
                    new RunFact.ToolApprovalDecided(
                            command.approvalId(),
                            command.approved() ? ApprovalDecision.APPROVED : ApprovalDecision.DENIED,
                            command.by().map(PauseDecider::bounded),
                            command.reason().map(PauseDecider::bounded)));
        }
    }

    private static boolean isAsked(RunState.Waiting waiting, ApprovalId id) {
        return waiting.asked().stream()
                .anyMatch(it -> waiting.turn().approval(it).equals(id));
    }

    /** Ends the questions that nobody has answered in time. */
    static void expire(Draft draft) {
        if (!(draft.state() instanceof RunState.Waiting before)) {
            return;
        }
        Duration waited = draft.clock().minus(before.sinceClock());
        for (PausedTurn.WaitingCall call : before.asked()) {
            Duration timeout = timeout(before, call);
            if (waited.compareTo(timeout) > 0) {
                emit(
                        draft,
                        new RunFact.ToolApprovalDecided(
                                before.turn().approval(call),
                                ApprovalDecision.EXPIRED,
                                Optional.empty(),
                                Optional.of("Nobody answered within " + timeout.toSeconds() + " s.")));
            }
        }
    }

    /** Requests the next stage of a turn that waits for no person. */
    static void requestNext(Draft draft, RunState.BetweenStages between) {
        Steps steps = between.program();
        PausedTurn turn = steps.paused().orElseThrow();
        int step = turn.step();
        Optional<PausedTurn.WaitingCall> build =
                turn.nextBuild(steps.tools(step).orElseThrow());
        StageKind kind = build.isPresent() ? StageKind.BUILD : steps.step(step).kind();
        draft.emit(
                between.brief().run(),
                Optional.of(StageId.of(between.brief().run(), between.totals().stages() + 1)),
                between.totals().sequence() + 1,
                new RunFact.StageRequested(
                        step,
                        steps.count(),
                        build.map(it -> recipe(steps.tool(it)))
                                .orElseGet(() -> steps.step(step).recipe()),
                        Attempt.FIRST,
                        draft.context().snapshot(kind).chapterFrom(),
                        build.isPresent() ? Optional.empty() : Optional.of(turn.turn()),
                        build.map(it -> spot(turn, it))));
        if (draft.state() instanceof RunState.Open open) {
            draft.request(open);
        }
    }

    private static String recipe(Tool tool) {
        return switch (tool) {
            case Tool.Build build -> build.build().recipe();
            case Tool.HttpGet _, Tool.RepositorySearch _, Tool.Mcp _ ->
                throw new IllegalStateException("it is executed in the turn: " + tool.name());
        };
    }

    private static Duration timeout(RunState.Waiting waiting, PausedTurn.WaitingCall call) {
        return waiting.program().tool(call).approval().orElseThrow();
    }

    private static ToolCallSpot spot(PausedTurn turn, PausedTurn.WaitingCall call) {
        return new ToolCallSpot(turn.last().stage(), turn.round(), call.index(), call.tool());
    }

    private static void emit(Draft draft, RunFact fact) {
        if (draft.state() instanceof RunState.Waiting waiting) {
            draft.emit(
                    waiting.brief().run(),
                    Optional.of(waiting.turn().last().stage()),
                    waiting.totals().sequence() + 1,
                    fact);
        }
    }

    private static String bounded(String text) {
        return Excerpt.beginning(text, RunFact.ToolApprovalDecided.MAX_TEXT);
    }
}
