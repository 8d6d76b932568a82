package io.tailrace.coordinator.decide;

import io.tailrace.events.build.BuildFact;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import java.util.Locale;
import java.util.Optional;

/** How a stage ended, by the record that ended it. */
record StageEnd(Outcome outcome, Optional<Failure> failure, Optional<Integer> exitCode) {

    static StageEnd of(EventHeaders headers, Optional<BuildFact> fact) {
        return switch (fact.orElse(null)) {
            case BuildFact.BuildCompleted completed ->
                new StageEnd(completed.status(), completed.failure(), completed.exitCode());
            case BuildFact.StageAborted aborted -> ofAbort(aborted);
            case null -> unreadable(headers);
            case BuildFact.AttemptStarted _,
                    BuildFact.AttemptReleased _,
                    BuildFact.Heartbeat _,
                    BuildFact.Tick _,
                    BuildFact.BuildCreated _,
                    BuildFact.BuildStarted _,
                    BuildFact.BuildPhaseStarted _,
                    BuildFact.BuildPhaseCompleted _,
                    BuildFact.ConsoleLines _ -> unreadable(headers);
        };
    }

    private static StageEnd ofAbort(BuildFact.StageAborted aborted) {
        Optional<Failure> failure = switch (aborted.outcome()) {
            case FAILED -> Optional.of(Failure.of(aborted.reason().name().toLowerCase(Locale.ROOT), aborted.message()));
            case SUCCEEDED, CANCELED -> Optional.empty();
        };
        return new StageEnd(aborted.outcome(), failure, Optional.empty());
    }

    /** The headers say that the stage has ended, so it has; what they do not say is how. */
    private static StageEnd unreadable(EventHeaders headers) {
        return new StageEnd(
                Outcome.FAILED,
                Optional.of(Failure.of(
                        "unreadable_result",
                        "The stage ended with a " + headers.type() + " that this release cannot read: workers and"
                                + " coordinator may be of different releases.")),
                Optional.empty());
    }
}
