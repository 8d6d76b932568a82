package io.tailrace.turn.knowledge;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** What a turn-worker tells of its retrievals in figures. Thread-safe. */
final class RetrievalMetrics {
    private static final String PREFIX = "tailrace.turns.";

    private final MeterRegistry registry;

    RetrievalMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A retrieval has ended, however. */
    void took(Duration time) {
        registry.timer(PREFIX + "retrieval").record(time);
    }

    /** A retrieval failed. */
    void failed(String code) {
        registry.counter(PREFIX + "retrieval.failures", "code", code).increment();
    }
}
