package io.tailrace.turn.stage;

import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.turn.context.PastTurn;
import java.util.List;
import java.util.Optional;

/** What a turn needs of the log. Safe from any thread; blocks, bounded. */
interface TurnLog {

    /**
     * The turns before one.
     *
     * @param turns those that are there, the oldest first
     * @param unreadable how many the log no longer has
     */
    record History(List<PastTurn> turns, int unreadable) {
        public History {
            turns = List.copyOf(turns);
        }
    }

    /** What the turn's command asks; nothing if the log no longer has it. */
    Optional<TurnInput> input(TurnRequest request);

    /** The turns before this one. */
    History history(TurnRequest request);

    /** The answer that is to be used again; nothing if the record there is not the end of that stage by an answer. */
    Optional<TurnFact.TurnCompleted> answer(ReusedAnswer reused);

    /** What the attempts before this one left, in their order; only those that held the stage count. */
    List<EarlierAttempt> earlier(TurnRequest request);
}
