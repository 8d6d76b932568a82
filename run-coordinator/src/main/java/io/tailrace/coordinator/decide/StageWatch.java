package io.tailrace.coordinator.decide;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.run.RunFact.RedispatchReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Looks whether an open stage still goes on by itself. What it finds depends on the state and the partition's clock
 * alone, so a forced end that got lost on its way is found due again at the next tick.
 *
 * <p>No limit counts by the difference of two timestamps, which includes every outage: all of them count what the tick
 * clock adds. What a worker is to do by itself (to be heard, to end its stage) counts from its own record on; what others
 * are to do about a decision (to claim a stage, to heed a cancel) from {@link PartitionSnapshot#sentClock()} on.
 */
final class StageWatch {
    /** After so many holders in a row that gave a stage back at once, it is given to no other. */
    static final int MOST_HASTY_RELEASES = 20;

    private final StageTimeouts timeouts;

    StageWatch(StageTimeouts timeouts) {
        this.timeouts = timeouts;
    }

    /** What is due, the most urgent first. */
    Optional<Remedy> due(RunState.Open open, InputContext context) {
        PartitionSnapshot snapshot = context.snapshot(open.topic());
        return switch (open) {
            case RunState.Canceling canceling ->
                ofCanceled(canceling.stage(), canceling.canceledClock(), snapshot)
                        .map(Remedy.Abort::new);
            case RunState.Running running
            when running.stage().canceledClock().isPresent() ->
                ofCanceled(running.stage(), running.stage().canceledClock().get(), snapshot)
                        .map(Remedy.Abort::new);
            case RunState.Running running ->
                deadline(running, context)
                        .<Remedy>map(Remedy.Abort::new)
                        .or(() -> lost(running, context.at(), snapshot));
        };
    }

    private Optional<ForcedEnd> ofCanceled(ActiveStage stage, Duration canceledClock, PartitionSnapshot snapshot) {
        if (!stage.isHeld()) {
            return Optional.of(ForcedEnd.canceledInQueue());
        }
        Duration silence = stage.silence(snapshot.clock());
        if (exceeds(silence, timeouts.silence())) {
            return Optional.of(ForcedEnd.silentWhileCanceled(stage.worker(), silence));
        }
        return exceeds(snapshot.clock().minus(canceledClock), timeouts.cancelGrace())
                ? Optional.of(ForcedEnd.cancelUnheeded(stage.worker(), timeouts.cancelGrace()))
                : Optional.empty();
    }

    private static Optional<ForcedEnd> deadline(RunState.Running run, InputContext context) {
        Limits limits = run.limits();
        ActiveStage stage = run.stage();
        PartitionSnapshot snapshot = context.snapshot(stage.topic());
        if (run.program().hasWallClock() && isWallClockSpent(run.brief(), context)) {
            return Optional.of(ForcedEnd.wallClock(limits.wallClock()));
        }
        if (stage.holding()
                .firstClaimClock()
                .filter(it -> exceeds(snapshot.clock().minus(it), limits.stageDeadline()))
                .isPresent()) {
            return Optional.of(ForcedEnd.stageDeadline(limits.stageDeadline()));
        }
        Duration queue = queueDeadline(run);
        return !stage.isClaimed()
                        && exceeds(snapshot.clock().minus(stage.dispatch().waitsSince()), queue)
                ? Optional.of(ForcedEnd.queueDeadline(queue))
                : Optional.empty();
    }

    /** How a plan's run ends that has no open stage, if its time is up. */
    static Optional<StageEnd> wallClock(RunBrief brief, InputContext context) {
        return isWallClockSpent(brief, context)
                ? Optional.of(StageEnd.of(ForcedEnd.wallClock(brief.limits().wallClock())))
                : Optional.empty();
    }

    private static boolean isWallClockSpent(RunBrief brief, InputContext context) {
        Duration now = context.snapshot(brief.topic()).clock();
        return brief.createdClock()
                .filter(it -> exceeds(now.minus(it), brief.limits().wallClock()))
                .isPresent();
    }

    private static Duration queueDeadline(RunState.Running run) {
        Duration asked = run.limits().queueDeadline();
        return exceeds(asked, Limits.MAX_QUEUE_DEADLINE) ? Limits.MAX_QUEUE_DEADLINE : asked;
    }

    private Optional<Remedy> lost(RunState.Running run, Instant now, PartitionSnapshot snapshot) {
        ActiveStage stage = run.stage();
        if (!stage.isClaimed()) {
            Dispatch dispatch = stage.dispatch();
            boolean perhapsGone = exceeds(snapshot.clock().minus(dispatch.requestClock()), timeouts.unclaimed());
            // Workers go by the broker's time and drop what is too old, also where an outage is what has made it old.
            boolean dropped = exceeds(Duration.between(dispatch.requestSentAt(), now), queueDeadline(run));
            return perhapsGone || dropped ? Optional.of(new Remedy.RepeatRequest()) : Optional.empty();
        }
        if (stage.holding().released()) {
            return Optional.of(released(stage));
        }
        Duration silence = stage.silence(snapshot.clock());
        return exceeds(silence, timeouts.silence()) ? Optional.of(silent(run, silence)) : Optional.empty();
    }

    private static Remedy silent(RunState.Running run, Duration silence) {
        ActiveStage stage = run.stage();
        int lost = stage.dispatch().lost() + 1;
        if (lost >= run.limits().maxAttempts()) {
            return new Remedy.Abort(ForcedEnd.attemptsExhausted(lost, stage.worker(), silence));
        }
        return another(stage, RedispatchReason.SILENCE, silence);
    }

    /** Giving a stage back in order costs none of its attempts: a long stage outlives any number of deployments. */
    private static Remedy released(ActiveStage stage) {
        int hasty = stage.holding().hastyReleases();
        return hasty >= MOST_HASTY_RELEASES
                ? new Remedy.Abort(ForcedEnd.givenBack(hasty, stage.worker()))
                : another(stage, RedispatchReason.RELEASED, Duration.ZERO);
    }

    /**
     * What is to be done about a stage whose records are lost; nothing if it is being canceled. That costs none of the
     * attempts that a plan allows for: no worker failed.
     */
    Optional<Remedy> recordsLost(RunState.Open open, Fence counted) {
        return switch (open) {
            case RunState.Canceling _ -> Optional.empty();
            case RunState.Running running ->
                running.stage().canceledClock().isPresent()
                        ? Optional.empty()
                        : Optional.of(another(
                                running.stage(),
                                Math.max(running.stage().highestAttempt(), attemptOf(counted)),
                                RedispatchReason.SILENCE,
                                Duration.ZERO));
        };
    }

    private static int attemptOf(Fence counted) {
        return counted.holder().map(it -> it.attempt().value()).orElse(0);
    }

    private static Remedy another(ActiveStage stage, RedispatchReason reason, Duration silence) {
        return another(stage, stage.highestAttempt(), reason, silence);
    }

    private static Remedy another(ActiveStage stage, int highest, RedispatchReason reason, Duration silence) {
        return highest >= EventHeaders.MAX_ATTEMPT
                ? new Remedy.Abort(ForcedEnd.noHigherAttempt(stage.worker()))
                : new Remedy.Redispatch(new Attempt(highest + 1), reason, stage.worker(), silence);
    }

    private static boolean exceeds(Duration span, Duration limit) {
        return span.compareTo(limit) > 0;
    }
}
