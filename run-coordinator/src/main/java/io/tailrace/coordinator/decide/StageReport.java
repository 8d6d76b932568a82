package io.tailrace.coordinator.decide;

import io.tailrace.events.run.RunFact;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Sums up a stage that has ended. */
final class StageReport {
    private StageReport() {}

    static RunFact.StageFinished of(ActiveStage stage, StageEnd end, Instant endedAt) {
        Optional<Instant> firstClaim = stage.holding().firstClaimAt();
        Instant taken = firstClaim.orElse(endedAt);
        return new RunFact.StageFinished(
                stage.step(),
                stage.dispatch().attempt(),
                end.outcome(),
                end.failure(),
                end.exitCode(),
                stage.chapter().range(),
                stage.worker(),
                stage.holding().lastClaimAt(),
                span(stage.dispatch().firstAt(), taken),
                firstClaim.map(it -> span(it, endedAt)).orElse(Duration.ZERO),
                stage.chapter().events(),
                stage.chapter().lines(),
                end.turn().map(StageEnd.TurnRecord::usage),
                end.pause().map(StageEnd.AskedPause::pause));
    }

    /** Brokers' clocks may differ by some milliseconds. */
    private static Duration span(Instant from, Instant to) {
        Duration span = Duration.between(from, to);
        return span.isNegative() ? Duration.ZERO : span;
    }
}
