package io.tailrace.coordinator.decide;

import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.StageFact.AbortReason;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFailure;
import java.util.Locale;
import java.util.Optional;

/**
 * How a stage ended, by the record that ended it. Workers write these records, so nothing in them is trusted: texts are
 * cut ({@link Failure#bounded()}), since they are stated, stored and shown again; counts that cannot be are none.
 *
 * @param turn present if the record has what a turn asked and answered
 */
public record StageEnd(
        Outcome outcome, Optional<Failure> failure, Optional<Integer> exitCode, Optional<TurnRecord> turn) {

    public StageEnd {
        failure = failure.map(Failure::bounded);
    }

    /**
     * What the terminal record of a turn has for those after it.
     *
     * @param compacted how many of the turns before, the oldest, it sums up
     */
    public record TurnRecord(Usage usage, int compacted) {
        public TurnRecord {
            usage = usage.possible();
            compacted = Math.max(0, compacted);
        }

        static TurnRecord of(TurnFact.TurnContent content) {
            return new TurnRecord(
                    content.usage(),
                    content.compaction().map(TurnFact.Compaction::turns).orElse(0));
        }
    }

    /** How the fact ends its stage; nothing if it does not. */
    public static Optional<StageEnd> of(StageFact fact) {
        return switch (fact) {
            case StageFact.StageAborted aborted ->
                Optional.of(ofAbort(aborted.reason(), aborted.outcome(), aborted.message()));
            case BuildFact.BuildCompleted completed ->
                Optional.of(
                        new StageEnd(completed.status(), completed.failure(), completed.exitCode(), Optional.empty()));
            case TurnFact.TurnCompleted(TurnFact.TurnContent content, TurnFact.FinishReason _) ->
                Optional.of(new StageEnd(
                        Outcome.SUCCEEDED, Optional.empty(), Optional.empty(), Optional.of(TurnRecord.of(content))));
            case TurnFact.TurnFailed(TurnFact.TurnContent content, TurnFailure failure) ->
                Optional.of(new StageEnd(
                        failure.isCancel() ? Outcome.CANCELED : Outcome.FAILED,
                        failure.isCancel()
                                ? Optional.empty()
                                : Optional.of(Failure.of(failure.code(), failure.message())),
                        Optional.empty(),
                        Optional.of(TurnRecord.of(content))));
            case StageFact.Frame _, BuildFact.Progress _, TurnFact.Progress _ -> Optional.empty();
        };
    }

    private static StageEnd ofAbort(AbortReason reason, Outcome outcome, String message) {
        Optional<Failure> failure = switch (outcome) {
            case FAILED -> Optional.of(Failure.of(reason.name().toLowerCase(Locale.ROOT), message));
            case SUCCEEDED, CANCELED -> Optional.empty();
        };
        return new StageEnd(outcome, failure, Optional.empty(), Optional.empty());
    }

    /** The headers say that the stage has ended, so it has; what they do not say is how. */
    static StageEnd unreadable(EventHeaders headers) {
        return new StageEnd(
                Outcome.FAILED,
                Optional.of(Failure.of(
                        "unreadable_result",
                        "The stage ended with a " + headers.type() + " that this release cannot read: workers and"
                                + " coordinator may be of different releases.")),
                Optional.empty(),
                Optional.empty());
    }
}
