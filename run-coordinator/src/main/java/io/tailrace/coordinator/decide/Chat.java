package io.tailrace.coordinator.decide;

import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.Limits;

/** The turns of a chat as they come. */
public record Chat(ChatPlan plan, Conversation conversation) implements Program {
    /** What each of its stages is. */
    static final StageKind KIND = StageKind.TURN;

    Chat accepted(PendingTurn turn) {
        return with(conversation.accepted(turn));
    }

    Chat rejected(TurnId turn) {
        return with(conversation.rejected(turn));
    }

    /** @throws IllegalStateException if the turn did not wait */
    Chat dispatched(TurnId turn) {
        return with(conversation.dispatched(turn));
    }

    /** The active turn has ended. */
    Chat ended() {
        return with(conversation.ended());
    }

    Chat closed() {
        return with(conversation.closed());
    }

    boolean knows(TurnId turn) {
        return conversation.knows(turn);
    }

    private Chat with(Conversation next) {
        return new Chat(plan, next);
    }

    @Override
    public boolean goesOnAfter(int stage) {
        return true;
    }

    @Override
    public boolean hasWallClock() {
        return false;
    }

    @Override
    public Limits limits(ActiveStage stage, Limits ofRun) {
        return ofRun;
    }

    @Override
    public Chat recorded(ActiveStage stage, long offset, int compacted) {
        return with(conversation.recorded(offset, compacted));
    }
}
