package io.tailrace.coordinator.decide;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.run.RunFact.RedispatchReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Looks whether an open stage still goes on by itself. What it finds depends on the state and the time alone, so a
 * forced end that got lost on its way is found due again at the next tick.
 */
final class StageWatch {
    private final Patience patience;

    StageWatch(Patience patience) {
        this.patience = patience;
    }

    /** What is due, the most urgent first. */
    Optional<Remedy> due(RunState.Open open, Instant now, Duration clock) {
        return switch (open) {
            case RunState.Canceling canceling ->
                ofCanceled(canceling.stage(), canceling.canceledClock(), clock).map(Remedy.Abort::new);
            case RunState.Running running
            when running.stage().canceledClock().isPresent() ->
                ofCanceled(running.stage(), running.stage().canceledClock().get(), clock)
                        .map(Remedy.Abort::new);
            case RunState.Running running ->
                deadline(running, now).<Remedy>map(Remedy.Abort::new).or(() -> lost(running, clock));
        };
    }

    private Optional<ForcedEnd> ofCanceled(ActiveStage stage, Duration canceledClock, Duration clock) {
        if (!stage.isHeld()) {
            return Optional.of(ForcedEnd.canceledInQueue());
        }
        Duration silence = stage.silence(clock);
        if (exceeds(silence, patience.silence())) {
            return Optional.of(ForcedEnd.silentWhileCanceled(stage.worker(), silence));
        }
        return exceeds(clock.minus(canceledClock), patience.cancelGrace())
                ? Optional.of(ForcedEnd.cancelUnheeded(stage.worker(), patience.cancelGrace()))
                : Optional.empty();
    }

    private static Optional<ForcedEnd> deadline(RunState.Running run, Instant now) {
        Limits limits = run.brief().limits();
        ActiveStage stage = run.stage();
        // A chat is open for as long as it is used: its limits are those of each turn.
        if (run.conversation().isEmpty() && isPast(now, run.brief().createdAt(), limits.wallClock())) {
            return Optional.of(ForcedEnd.wallClock(limits.wallClock()));
        }
        if (stage.holding()
                .firstClaimAt()
                .filter(it -> isPast(now, it, limits.stageDeadline()))
                .isPresent()) {
            return Optional.of(ForcedEnd.stageDeadline(limits.stageDeadline()));
        }
        Duration queue = shorter(limits.queueDeadline(), Limits.MAX_QUEUE_DEADLINE);
        return !stage.isClaimed() && isPast(now, stage.dispatch().lastAt(), queue)
                ? Optional.of(ForcedEnd.queueDeadline(queue))
                : Optional.empty();
    }

    private Optional<Remedy> lost(RunState.Running run, Duration clock) {
        ActiveStage stage = run.stage();
        if (!stage.isClaimed()) {
            boolean perhapsGone = exceeds(clock.minus(stage.dispatch().requestClock()), patience.unclaimed());
            return perhapsGone ? Optional.of(new Remedy.RepeatRequest()) : Optional.empty();
        }
        if (stage.holding().released()) {
            return Optional.of(another(run, RedispatchReason.RELEASED, Duration.ZERO));
        }
        Duration silence = stage.silence(clock);
        return exceeds(silence, patience.silence())
                ? Optional.of(another(run, RedispatchReason.SILENCE, silence))
                : Optional.empty();
    }

    private static Remedy another(RunState.Running run, RedispatchReason reason, Duration silence) {
        ActiveStage stage = run.stage();
        int highest = stage.highestAttempt();
        if (highest >= run.brief().limits().maxAttempts()) {
            return new Remedy.Abort(ForcedEnd.attemptsExhausted(
                    stage.dispatch().attempt().value(),
                    stage.worker(),
                    switch (reason) {
                        case SILENCE -> Optional.of(silence);
                        case RELEASED -> Optional.empty();
                    }));
        }
        return new Remedy.Redispatch(new Attempt(highest + 1), reason, stage.worker(), silence);
    }

    private static boolean isPast(Instant now, Instant from, Duration limit) {
        return exceeds(Duration.between(from, now), limit);
    }

    private static boolean exceeds(Duration span, Duration limit) {
        return span.compareTo(limit) > 0;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
