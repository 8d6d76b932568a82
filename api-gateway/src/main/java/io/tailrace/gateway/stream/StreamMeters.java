package io.tailrace.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** What the streams tell of themselves to whoever operates them. Thread-safe. */
final class StreamMeters {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final MeterRegistry meters;
    private final Clock clock;
    private final Timer latency;
    private final Counter bytes;
    private final Timer checkpointsWritten;
    private final Timer checkpointsFailed;

    StreamMeters(MeterRegistry meters, Clock clock, OpenStreams streams) {
        this.meters = meters;
        this.clock = clock;
        Gauge.builder("tailrace.gateway.watchers", streams, OpenStreams::count)
                .description("Streams that are open; one of many runs counts once for each 50")
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
        checkpointsWritten = checkpoints(meters, "written");
        checkpointsFailed = checkpoints(meters, "failed");
    }

    /** A client came, and this is what became of its cursor. */
    void opened(String outcome) {
        Counter.builder("tailrace.gateway.resumes")
                .description("Streams opened, by what became of the client's cursor")
                .tag("outcome", outcome)
                .register(meters)
                .increment();
    }

    /** The log has taken a checkpoint of a subscription's stream, or has not. */
    void checkpoint(boolean written, long nanos) {
        (written ? checkpointsWritten : checkpointsFailed).record(nanos, TimeUnit.NANOSECONDS);
    }

    private static Timer checkpoints(MeterRegistry meters, String outcome) {
        return Timer.builder("tailrace.gateway.checkpoints")
                .description("Checkpoints of streams of subscriptions, until the log has them or has not")
                .tag("outcome", outcome)
                .register(meters);
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
