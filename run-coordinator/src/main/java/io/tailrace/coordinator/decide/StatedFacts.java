package io.tailrace.coordinator.decide;

import io.tailrace.events.id.TurnId;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import java.util.function.Predicate;

/** Tells whether a state has what its run's spine says: what it lacks would be decided a second time, or forgotten. Pure. */
public final class StatedFacts {
    private StatedFacts() {}

    /**
     * Whether a state has a fact that was stated, without a number, after the last numbered one of the spine. A turn is
     * known by its id {@value Conversation#KNOWN} turns back: what lies further counts as lacking.
     */
    public static boolean has(RunState.Active state, RunEvent event) {
        if (!(state instanceof RunState.Open open) || isOfAnotherStage(open, event)) {
            return false;
        }
        return switch (event.payload()) {
            case RunFact.StageRedispatched redispatched ->
                open.stage().dispatch().attempt().compareTo(redispatched.attempt()) >= 0;
            case RunFact.RunCancelRequested _ -> open instanceof RunState.Canceling;
            case RunFact.TurnCancelRequested _ -> open.stage().canceledClock().isPresent();
            case RunFact.RunCloseRequested _ -> isChat(open, Conversation::closing);
            case RunFact.TurnSubmitted(TurnId turn, var _) -> isChat(open, it -> it.knows(turn));
            case RunFact.TurnRejected(TurnId turn, var _, var _) ->
                isChat(
                        open,
                        it -> it.knows(turn)
                                && it.waiting().stream()
                                        .noneMatch(pending -> pending.id().equals(turn)));
            case RunFact.RunProgress _ -> true;
            case RunFact.RunCreated _,
                    RunFact.RunStarted _,
                    RunFact.StageRequested _,
                    RunFact.StageFinished _,
                    RunFact.OfApproval _,
                    RunFact.RunCompleted _ -> false;
        };
    }

    private static boolean isOfAnotherStage(RunState.Open open, RunEvent event) {
        return event.stageId().filter(it -> !it.equals(open.stage().id())).isPresent();
    }

    private static boolean isChat(RunState.Open open, Predicate<Conversation> which) {
        return open.program() instanceof Chat chat && which.test(chat.conversation());
    }
}
