package io.tailrace.coordinator.decide;

import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Pause;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.StageFact.AbortReason;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.events.text.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a stage ended, by the record that ended it. Workers write these records, so nothing in them is trusted: texts are
 * cut ({@link Failure#bounded()}), since they are stated, stored and shown again; counts that cannot be are none.
 *
 * @param turn present if the record has what a turn asked and answered
 * @param pause present if the turn goes on in a later stage
 */
public record StageEnd(
        Outcome outcome,
        Optional<Failure> failure,
        Optional<Integer> exitCode,
        Optional<TurnRecord> turn,
        Optional<AskedPause> pause) {

    public StageEnd {
        failure = failure.map(Failure::bounded);
    }

    /** Of a stage that the step, or the call of a tool, ends with. */
    StageEnd(Outcome outcome, Optional<Failure> failure, Optional<Integer> exitCode, Optional<TurnRecord> turn) {
        this(outcome, failure, exitCode, turn, Optional.empty());
    }

    /**
     * What a paused turn waits for.
     *
     * @param calls in the order of the round, each index once
     */
    public record AskedPause(int round, List<AskedCall> calls) {
        /** The most characters that the questions of one pause show of all arguments together. */
        static final int MOST_SHOWN = 64 * 1024;

        public AskedPause {
            calls = List.copyOf(calls);
        }

        /** Nothing if no turn can be paused so. */
        private static Optional<AskedPause> of(TurnFact.TurnPaused paused) {
            int count = paused.calls().size();
            if (count == 0 || count > ToolUse.MAX_CALLS || paused.round() < 1 || paused.round() > ToolUse.MAX_ROUNDS) {
                return Optional.empty();
            }
            int shown = Math.min(RunFact.ToolApprovalRequested.MAX_ARGUMENTS, MOST_SHOWN / count);
            List<AskedCall> calls = new ArrayList<>();
            int last = -1;
            for (TurnFact.WaitingCall waiting : paused.calls()) {
                int index = waiting.call().index();
                if (index <= last
                        || index >= ToolUse.MAX_CALLS
                        || waiting.call().round() != paused.round()) {
                    return Optional.empty();
                }
                last = index;
                calls.add(AskedCall.of(waiting, shown));
            }
            return Optional.of(new AskedPause(paused.round(), calls));
        }

        Pause pause() {
            return new Pause(
                    round,
                    calls.stream()
                            .map(it -> new Pause.PausedCall(it.index(), it.tool()))
                            .toList());
        }

        Optional<AskedCall> call(int index) {
            return calls.stream().filter(it -> it.index() == index).findFirst();
        }
    }

    /**
     * A call that waits.
     *
     * @param arguments cut off where they are long
     * @param length how long they are, in UTF-16 units
     */
    public record AskedCall(int index, String tool, String arguments, int length) {
        private static AskedCall of(TurnFact.WaitingCall waiting, int shown) {
            String whole = waiting.arguments();
            return new AskedCall(
                    waiting.call().index(), waiting.call().tool(), Excerpt.beginning(whole, shown), whole.length());
        }
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
            case TurnFact.TurnPaused paused -> Optional.of(ofPause(paused));
            case StageFact.Frame _, BuildFact.Progress _, TurnFact.Progress _ -> Optional.empty();
        };
    }

    private static StageEnd ofPause(TurnFact.TurnPaused paused) {
        TurnRecord record = new TurnRecord(paused.usage(), 0);
        return AskedPause.of(paused)
                .map(it -> new StageEnd(
                        Outcome.SUCCEEDED, Optional.empty(), Optional.empty(), Optional.of(record), Optional.of(it)))
                .orElseGet(StageEnd::refusedPause);
    }

    /** How a stage ends whose turn cannot be paused as its worker says: with nothing that later turns are made of. */
    static StageEnd refusedPause() {
        return new StageEnd(
                Outcome.FAILED,
                Optional.of(Failure.of(
                        "invalid_pause",
                        "The worker paused the turn for calls that cannot be waited for: workers and coordinator may be"
                                + " of different releases.")),
                Optional.empty(),
                Optional.empty());
    }

    /** The same as the record that ends a stage so. */
    static StageEnd of(ForcedEnd end) {
        return ofAbort(end.reason(), end.outcome(), end.message());
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
