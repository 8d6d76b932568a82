package io.tailrace.coordinator.decide;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import java.time.Duration;
import java.time.Instant;

/**
 * What a run is. Immutable; {@link #evolve} is the only way from one state to the next, live and on recovery. Each state
 * has the transitions that are legal from it, and no others.
 */
public sealed interface RunState {

    /**
     * The state after a change.
     *
     * @throws IllegalStateException if the change is none that can happen in this state
     */
    RunState evolve(Change change);

    /** A run that was never created, or that was forgotten. */
    record Unknown() implements RunState {
        @Override
        public RunState evolve(Change change) {
            if (change instanceof Change.Stated(RunEvent event, Duration _)
                    && event.payload() instanceof RunFact.RunCreated created) {
                RunBrief brief = new RunBrief(
                        event.runId(), created.workspace(), created.plan(), created.limits(), event.occurredAt());
                return new BetweenStages(
                        brief, Tally.ZERO.at(event.runSequence().orElseThrow()));
            }
            throw contradiction(this, change);
        }
    }

    /** No stage is open and the run goes on: only ever within one decision. */
    record BetweenStages(RunBrief brief, Tally tally) implements RunState {
        @Override
        public RunState evolve(Change change) {
            if (!(change instanceof Change.Stated(RunEvent event, Duration clock))) {
                throw contradiction(this, change);
            }
            long sequence = event.runSequence().orElseThrow();
            return switch (event.payload()) {
                case RunFact.RunStarted _ -> new BetweenStages(brief, tally.at(sequence));
                case RunFact.StageRequested requested -> toRunning(event, requested, clock);
                case RunFact.RunCompleted completed -> toCompleted(event, completed);
                case RunFact.RunCreated _,
                        RunFact.StageRedispatched _,
                        RunFact.StageFinished _,
                        RunFact.RunCancelRequested _,
                        RunFact.RunProgress _ -> throw contradiction(this, change);
            };
        }

        private Running toRunning(RunEvent event, RunFact.StageRequested requested, Duration clock) {
            ActiveStage stage = ActiveStage.requested(
                    event.stageId().orElseThrow(),
                    requested.step(),
                    requested.chapterFrom(),
                    event.occurredAt(),
                    clock);
            return new Running(
                    brief, tally.at(event.runSequence().orElseThrow()).withStage(), stage);
        }

        private Completed toCompleted(RunEvent event, RunFact.RunCompleted completed) {
            return new Completed(brief.run(), completed.outcome(), event.occurredAt());
        }
    }

    /** No stage is open and the run was canceled: only ever within one decision. No stage can follow. */
    record Stopping(RunBrief brief, Tally tally) implements RunState {
        @Override
        public RunState evolve(Change change) {
            if (change instanceof Change.Stated(RunEvent event, Duration _)
                    && event.payload() instanceof RunFact.RunCompleted completed) {
                return new Completed(brief.run(), completed.outcome(), event.occurredAt());
            }
            throw contradiction(this, change);
        }
    }

    /** A stage is open. */
    sealed interface Open extends RunState {
        RunBrief brief();

        /** The sequence is that of the stage's {@code stage.requested}. */
        Tally tally();

        ActiveStage stage();

        /** The sequence that the stage's closing gets: after the chapter and what the spine got meanwhile. */
        default long closingSequence() {
            return tally().sequence()
                    + stage().chapter().events()
                    + stage().chapter().spineEvents()
                    + 1;
        }
    }

    /** A stage is open, and the run goes on after it. */
    record Running(RunBrief brief, Tally tally, ActiveStage stage) implements Open {
        @Override
        public RunState evolve(Change change) {
            return switch (change) {
                case Change.Counted counted -> new Running(brief, tally, stage.counted(counted));
                case Change.RequestRepeated(Duration clock) -> new Running(brief, tally, stage.requestRepeated(clock));
                case Change.Stated(RunEvent event, Duration clock) ->
                    switch (event.payload()) {
                        case RunFact.StageRedispatched redispatched ->
                            new Running(
                                    brief,
                                    tally.withAttempt(),
                                    stage.redispatched(redispatched.attempt(), event.occurredAt(), clock));
                        case RunFact.RunCancelRequested _ -> toCanceling(clock);
                        case RunFact.RunProgress _ -> this;
                        case RunFact.StageFinished _ -> new BetweenStages(brief, closed(this, event));
                        case RunFact.RunCreated _,
                                RunFact.RunStarted _,
                                RunFact.StageRequested _,
                                RunFact.RunCompleted _ -> throw contradiction(this, change);
                    };
            };
        }

        private Canceling toCanceling(Duration clock) {
            return new Canceling(brief, tally, stage.withSpineEvent(), clock);
        }
    }

    /**
     * A stage is open, and no other comes after it.
     *
     * @param canceledClock the tick clock when the cancel was recorded
     */
    record Canceling(RunBrief brief, Tally tally, ActiveStage stage, Duration canceledClock) implements Open {
        @Override
        public RunState evolve(Change change) {
            return switch (change) {
                case Change.Counted counted -> new Canceling(brief, tally, stage.counted(counted), canceledClock);
                case Change.RequestRepeated _ -> throw contradiction(this, change);
                case Change.Stated(RunEvent event, Duration _) ->
                    switch (event.payload()) {
                        case RunFact.RunProgress _ -> this;
                        case RunFact.StageFinished _ -> new Stopping(brief, closed(this, event));
                        case RunFact.RunCreated _,
                                RunFact.RunStarted _,
                                RunFact.StageRequested _,
                                RunFact.StageRedispatched _,
                                RunFact.RunCancelRequested _,
                                RunFact.RunCompleted _ -> throw contradiction(this, change);
                    };
            };
        }
    }

    /** The run has ended. Nothing changes it any more. */
    record Completed(RunId run, Outcome outcome, Instant endedAt) implements RunState {
        @Override
        public RunState evolve(Change change) {
            throw contradiction(this, change);
        }
    }

    private static Tally closed(Open open, RunEvent closing) {
        return open.tally()
                .at(closing.runSequence().orElseThrow())
                .withLines(open.stage().chapter().lines());
    }

    private static IllegalStateException contradiction(RunState state, Change change) {
        return new IllegalStateException(change + " cannot happen to " + state);
    }
}
