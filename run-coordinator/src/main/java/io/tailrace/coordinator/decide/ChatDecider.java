package io.tailrace.coordinator.decide;

import io.tailrace.events.command.RunCommand.CancelTurn;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunFact.Rejection;
import java.time.Duration;
import java.util.Optional;

/** Decides what becomes of the turns of a chat, and when it closes. Pure, as {@link RunDecider} is. */
final class ChatDecider {
    private ChatDecider() {}

    /** A turn is asked for: the chat's policy says what becomes of it while another one is active. */
    static void submit(Draft draft, Input.Submit input) {
        TurnId turn = input.turn().turnId();
        RunFact submitted = new RunFact.TurnSubmitted(turn, input.turn().input());
        Change accepted = new Change.TurnAccepted(new PendingTurn(turn, input.command()));
        switch (draft.state()) {
            case RunState.Idle idle
            when !idle.program().knows(turn) -> {
                emit(draft, idle, submitted);
                draft.change(accepted);
            }
            case RunState.Running(RunBrief _, RunTotals _, ActiveStage _, Chat chat)
            when !chat.knows(turn) -> {
                Optional<Rejection> rejection = makeRoom(draft, chat);
                if (rejection.isPresent()) {
                    reject(draft, turn, rejection.get());
                } else {
                    meanwhile(draft, submitted);
                    draft.change(accepted);
                }
            }
            case RunState.Canceling(RunBrief _, RunTotals _, ActiveStage _, Duration _, Chat chat)
            when !chat.knows(turn) -> reject(draft, turn, Rejection.RUN_CANCELED);
            case RunState.Unknown _,
                    RunState.Created _,
                    RunState.BetweenStages _,
                    RunState.Stopping _,
                    RunState.Completed _,
                    RunState.Active _ -> {}
        }
    }

    /** Makes way for another turn as the policy says, or tells why there is none. */
    private static Optional<Rejection> makeRoom(Draft draft, Chat chat) {
        Conversation conversation = chat.conversation();
        if (conversation.closing()) {
            return Optional.of(Rejection.CLOSING);
        }
        return switch (chat.plan().policy()) {
            case REJECT -> Optional.of(Rejection.TURN_ACTIVE);
            case ENQUEUE ->
                conversation.waiting().size() < chat.plan().maxQueued()
                        ? Optional.empty()
                        : Optional.of(Rejection.QUEUE_FULL);
            case INTERRUPT -> {
                rejectAllWaiting(draft, Rejection.INTERRUPTED);
                cancelActive(draft, Optional.of("interrupted by another turn"));
                yield Optional.empty();
            }
        };
    }

    /** A turn is to end. */
    static void cancel(Draft draft, CancelTurn command) {
        if (draft.state() instanceof RunState.Running(RunBrief _, RunTotals _, ActiveStage _, Chat chat)) {
            Conversation conversation = chat.conversation();
            if (conversation.isActive(command.turnId())) {
                cancelActive(draft, command.reason());
            } else if (conversation.waiting().stream().anyMatch(it -> it.id().equals(command.turnId()))) {
                reject(draft, command.turnId(), Rejection.CANCELED);
            }
        }
    }

    private static void cancelActive(Draft draft, Optional<String> reason) {
        if (draft.state() instanceof RunState.Running running
                && running.program() instanceof Chat chat
                && running.stage().canceledClock().isEmpty()) {
            PendingTurn active = chat.conversation().active().orElseThrow();
            draft.emitForStage(running, new RunFact.TurnCancelRequested(active.id(), reason));
        }
    }

    /** The chat is to take no more turns. */
    static void close(Draft draft, Optional<String> reason) {
        RunFact closing = new RunFact.RunCloseRequested(reason);
        switch (draft.state()) {
            case RunState.Idle idle -> emit(draft, idle, closing);
            case RunState.Running(RunBrief _, RunTotals _, ActiveStage _, Chat chat)
            when !chat.conversation().closing() -> meanwhile(draft, closing);
            case RunState.Unknown _,
                    RunState.Created _,
                    RunState.BetweenStages _,
                    RunState.Stopping _,
                    RunState.Completed _,
                    RunState.Active _ -> {}
        }
    }

    /** Closes a chat that nobody has used for as long as its plan allows. */
    static void closeIfUnused(Draft draft) {
        if (draft.state() instanceof RunState.Idle idle) {
            Duration limit = idle.program().plan().idleTimeout();
            if (draft.clock().minus(idle.sinceClock()).compareTo(limit) > 0) {
                close(draft, Optional.of("idle for " + limit.toSeconds() + " s"));
            }
        }
    }

    /** Takes all turns from those that wait. */
    static void rejectAllWaiting(Draft draft, Rejection reason) {
        if (draft.state() instanceof RunState.Open open && open.program() instanceof Chat chat) {
            chat.conversation().waiting().forEach(it -> reject(draft, it.id(), reason));
        }
    }

    /** Dispatches the turn that has waited longest. */
    static void requestNext(Draft draft, RunState.Idle idle) {
        RunBrief brief = idle.brief();
        int stage = idle.totals().stages() + 1;
        draft.emit(
                brief.run(),
                Optional.of(StageId.of(brief.run(), stage)),
                idle.totals().sequence() + 1,
                new RunFact.StageRequested(
                        stage,
                        stage,
                        RunFact.TURN,
                        Attempt.FIRST,
                        draft.context().snapshot(Chat.KIND).chapterFrom(),
                        idle.conversation().next().map(PendingTurn::id)));
        if (draft.state() instanceof RunState.Open open) {
            draft.request(open);
        }
    }

    /** States a fact of a chat that waits. */
    static void emit(Draft draft, RunState.Idle idle, RunFact fact) {
        draft.emit(idle.brief().run(), Optional.empty(), idle.totals().sequence() + 1, fact);
    }

    private static void meanwhile(Draft draft, RunFact fact) {
        if (draft.state() instanceof RunState.Open open) {
            draft.emitForRun(open, fact);
        }
    }

    private static void reject(Draft draft, TurnId turn, Rejection reason) {
        meanwhile(
                draft,
                new RunFact.TurnRejected(
                        turn,
                        reason,
                        switch (reason) {
                            case TURN_ACTIVE ->
                                "Another turn is being answered: wait for its end or cancel it, or create the chat"
                                        + " with the policy enqueue or interrupt.";
                            case QUEUE_FULL -> "As many turns are waiting as the chat's max_queued allows.";
                            case CLOSING -> "The chat is closing and takes no more turns.";
                            case INTERRUPTED -> "A later turn interrupted the chat before this one began.";
                            case CANCELED -> "Canceled before it began.";
                            case RUN_CANCELED -> "The run was canceled before this turn began.";
                        }));
    }
}
