package io.tailrace.coordinator.decide;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.run.RunFact.RedispatchReason;
import java.time.Duration;
import java.util.Optional;

/** What has to be done about a stage that does not go on by itself. */
sealed interface Remedy {
    /** End it by force. */
    record Abort(ForcedEnd end) implements Remedy {}

    /** Give it to another worker. */
    record Redispatch(Attempt attempt, RedispatchReason reason, Optional<WorkerId> lostWorker, Duration silence)
            implements Remedy {}

    /** Send its request once more: of two claims of the same attempt the fence takes the first. */
    record RepeatRequest() implements Remedy {}
}
