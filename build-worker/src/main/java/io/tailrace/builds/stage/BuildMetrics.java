package io.tailrace.builds.stage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.StageFact;
import io.tailrace.sandbox.isolation.Isolation;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import java.util.Locale;

/** Counts what builds append. Thread-safe. */
final class BuildMetrics {

    private final MeterRegistry registry;
    private final Counter lines;
    private final Counter characters;

    BuildMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.lines = Counter.builder("tailrace.build.console.lines")
                .description("Console lines appended")
                .register(registry);
        this.characters = Counter.builder("tailrace.build.console.characters")
                .description("Characters of console lines appended")
                .register(registry);
    }

    /** Says by what means builds are isolated. */
    void isolation(Isolation isolation) {
        Gauge.builder("tailrace.worker.isolated", () -> isolation.mode() == Mode.BUBBLEWRAP ? 1 : 0)
                .description("1 when builds are isolated from the worker and from each other, else 0")
                .tag("mode", isolation.modeName())
                .register(registry);
    }

    /** Counts what became of an environment: built, reused or failed. */
    void environment(String result) {
        registry.counter("tailrace.environment.builds", "result", result).increment();
    }

    void evicted(int environments) {
        registry.counter("tailrace.environment.evicted").increment(environments);
    }

    /** The same log, counted. */
    AttemptLog<BuildFact> counting(AttemptLog<BuildFact> attemptLog) {
        return new AttemptLog<>() {
            @Override
            public void append(BuildFact fact) throws AttemptLost {
                attemptLog.append(fact);
                count(fact);
            }

            @Override
            public LogPosition sync() throws AttemptLost {
                return attemptLog.sync();
            }

            @Override
            public LogPosition end(BuildFact fact) throws AttemptLost {
                LogPosition position = attemptLog.end(fact);
                count(fact);
                return position;
            }
        };
    }

    private void count(BuildFact fact) {
        switch (fact) {
            case BuildFact.ConsoleLines window -> {
                lines.increment(window.lines().size());
                characters.increment(window.lines().stream()
                        .map(ConsoleLine::text)
                        .mapToDouble(String::length)
                        .sum());
            }
            case BuildFact.BuildPhaseCompleted phase ->
                registry.timer("tailrace.build.phase", "status", lowerCase(phase.status()))
                        .record(phase.duration());
            case BuildFact.BuildCompleted build ->
                registry.timer("tailrace.build", "status", lowerCase(build.status()))
                        .record(build.duration());
            case StageFact.Frame _, BuildFact.Progress _ -> {}
        }
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
