package io.tailrace.turn.stage;

import io.micrometer.core.instrument.MeterRegistry;

/** What a turn-worker tells of its turns in figures. Thread-safe. */
final class TurnMetrics {
    private static final String PREFIX = "tailrace.turns.";

    private final MeterRegistry registry;

    TurnMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A provider call has ended, however. */
    void called(String provider) {
        registry.counter(PREFIX + "provider.calls", "provider", provider).increment();
    }

    /** A prompt with a cache has looked for an answer. */
    void cache(boolean hit) {
        registry.counter(PREFIX + "answers.lookups", "result", hit ? "hit" : "miss")
                .increment();
    }

    /** A provider call failed. */
    void failed(String code) {
        registry.counter(PREFIX + "provider.failures", "code", code).increment();
    }
}
