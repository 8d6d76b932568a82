package io.tailrace.coordinator.decide;

import io.tailrace.events.id.WorkerId;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.StageFact.AbortReason;
import java.time.Duration;
import java.util.Optional;

/** Why a stage is ended by force, with words for the person who waits for it. */
public record ForcedEnd(AbortReason reason, Outcome outcome, String message) {

    static ForcedEnd canceledInQueue() {
        return new ForcedEnd(AbortReason.CANCELED_IN_QUEUE, Outcome.CANCELED, "Canceled before a worker had taken it.");
    }

    static ForcedEnd cancelUnheeded(Optional<WorkerId> worker, Duration grace) {
        return new ForcedEnd(
                AbortReason.CANCEL_UNHEEDED,
                Outcome.CANCELED,
                "Canceled by force: " + named(worker) + " did not end the stage within " + text(grace)
                        + ". Its processes may still be running there.");
    }

    static ForcedEnd silentWhileCanceled(Optional<WorkerId> worker, Duration silence) {
        return new ForcedEnd(
                AbortReason.CANCEL_UNHEEDED,
                Outcome.CANCELED,
                "Canceled by force: nothing was heard of " + named(worker) + " for " + text(silence) + ".");
    }

    static ForcedEnd queueDeadline(Duration deadline) {
        return new ForcedEnd(
                AbortReason.QUEUE_DEADLINE,
                Outcome.FAILED,
                "No worker took the stage within " + text(deadline)
                        + ". Check that workers are running and have free slots, or raise limits.queue_deadline_ms.");
    }

    static ForcedEnd stageDeadline(Duration deadline) {
        return new ForcedEnd(
                AbortReason.STAGE_DEADLINE,
                Outcome.FAILED,
                "The stage was not done " + text(deadline)
                        + " after its start. If it needs longer, raise limits.stage_deadline_ms.");
    }

    static ForcedEnd wallClock(Duration limit) {
        return new ForcedEnd(
                AbortReason.WALL_CLOCK,
                Outcome.FAILED,
                "The run was not done " + text(limit)
                        + " after its creation. If it needs longer, raise limits.wall_clock_ms.");
    }

    static ForcedEnd attemptsExhausted(int lost, Optional<WorkerId> worker, Duration silence) {
        return exhausted("The stage lost its worker " + lost + (lost == 1 ? " time" : " times")
                + ", as often as limits.max_attempts allows; the last time nothing was heard of " + named(worker)
                + " for " + text(silence) + ". A stage that takes its worker down with it (memory, disk) looks like"
                + " this: see the workers' logs, then retry.");
    }

    static ForcedEnd givenBack(int times, Optional<WorkerId> worker) {
        return exhausted(times + " workers in a row took the stage and gave it back at once, the last of them "
                + named(worker) + ". Workers that end right after their start look like this: see their logs, then"
                + " retry.");
    }

    static ForcedEnd noHigherAttempt(Optional<WorkerId> worker) {
        return exhausted(named(worker) + " claimed the stage with the highest attempt number that there is, so it can"
                + " be given to no other. No worker of ours does that.");
    }

    private static ForcedEnd exhausted(String message) {
        return new ForcedEnd(AbortReason.ATTEMPTS_EXHAUSTED, Outcome.FAILED, message);
    }

    /** The fact in the stage's topic. */
    public StageFact.StageAborted aborted() {
        return new StageFact.StageAborted(reason, outcome, message);
    }

    private static String named(Optional<WorkerId> worker) {
        return worker.map(it -> "worker " + it.value()).orElse("its worker");
    }

    private static String text(Duration span) {
        long millis = span.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (span.toSeconds() < 120) {
            return span.toSeconds() + " s";
        }
        return span.toMinutes() < 120 ? span.toMinutes() + " min" : span.toHours() + " h";
    }
}
