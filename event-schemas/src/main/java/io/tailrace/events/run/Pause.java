package io.tailrace.events.run;

import io.tailrace.events.id.AvroName;
import java.util.List;

/**
 * Why a turn's stage ended before the turn: calls of one round wait for what does not happen in the stage, a person's word or
 * a build. A later stage goes on with the turn.
 *
 * @param round from 1
 * @param calls those that wait, at least one, each index once, ascending
 */
@AvroName(namespace = "io.tailrace.events.run")
public record Pause(int round, List<PausedCall> calls) {

    /**
     * A call that waits.
     *
     * @param index among the calls of the round, from 0
     * @param tool one of the plan's step
     */
    public record PausedCall(int index, String tool) {}

    public Pause {
        calls = List.copyOf(calls);
    }
}
