package io.tailrace.coordinator.decide;

import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;

/** What a run does next, with all that it has to remember for it beside the open stage. */
public sealed interface Program permits Steps, Chat {

    /** The program of a run that has just begun. */
    static Program of(Plan plan) {
        return plan.chat().<Program>map(it -> new Chat(it, Conversation.EMPTY)).orElseGet(() -> Steps.of(plan));
    }

    /** Whether another stage can come after the one of this number. */
    boolean goesOnAfter(int stage);

    /** Whether the run's wall clock counts: a chat is open for as long as it is used. */
    boolean hasWallClock();

    /** The limits of a stage, in a run with these. */
    Limits limits(ActiveStage stage, Limits ofRun);

    /**
     * A stage left a record that later ones are made of.
     *
     * @param stage which one
     * @param offset where the record lies in the stage's topic
     * @param compacted how many of the turns before, the oldest, the record sums up
     */
    Program recorded(ActiveStage stage, long offset, int compacted);
}
