package io.tailrace.gateway.command;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.decision.WaitingFor;

/** What became of a command that did not fail. */
public sealed interface CommandOutcome {
    /** It was recorded and decided, and this is the run after it. */
    record Decided(RunView run) implements CommandOutcome {}

    /** Nothing had to be done: the run was like that already. */
    record Already(RunView run) implements CommandOutcome {}

    /** It was recorded; its decision was not seen in time, for this reason. */
    record Pending(RunId run, WaitingFor waitingFor) implements CommandOutcome {}
}
