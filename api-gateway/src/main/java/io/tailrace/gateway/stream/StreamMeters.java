package io.tailrace.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** What the streams tell of themselves to whoever operates them. Thread-safe. */
final class StreamMeters {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final MeterRegistry meters;
    private final Clock clock;
    private final Timer latency;
    private final Counter bytes;

    StreamMeters(MeterRegistry meters, Clock clock, OpenStreams streams) {
        this.meters = meters;
        this.clock = clock;
        Gauge.builder("tailrace.gateway.watchers", streams, OpenStreams::count)
                .description("Streams that are open")
                .register(meters);
        latency = Timer.builder("tailrace.gateway.append.to.socket")
                .description("From the broker's append to the write to a client that follows live")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(LONGEST)
                .register(meters);
        bytes = Counter.builder("tailrace.gateway.stream.sent")
                .description("Bytes written to streams")
                .baseUnit("bytes")
                .register(meters);
    }

    /** A client came, and this is what became of its cursor. */
    void opened(String outcome) {
        Counter.builder("tailrace.gateway.resumes")
                .description("Streams opened, by what became of the client's cursor")
                .tag("outcome", outcome)
                .register(meters)
                .increment();
    }

    /** A record was written to a client that follows live. */
    void wrote(Instant appendedAt) {
        Duration age = Duration.between(appendedAt, clock.instant());
        latency.record(age.isNegative() ? Duration.ZERO : age);
    }

    void sent(long count) {
        bytes.increment((double) count);
    }
}
