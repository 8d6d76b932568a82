package io.tailrace.worker.queue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tailrace.worker.board.StageBoard.Stale;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** What a worker counts. Thread-safe. */
final class WorkerMetrics {
    private static final String TOO_OLD = "too_old";
    private static final String EXHAUSTED = "exhausted";
    private static final String BEATEN = "beaten";

    private final MeterRegistry registry;
    private final Counter claimed;
    private final Counter undecodable;
    private final Counter lost;
    private final Counter released;
    private final Counter failed;
    private final Counter rejoined;
    private final Counter cutOff;
    private final Counter tailFailed;
    private final Timer claimTime;

    WorkerMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.claimed = counter("tailrace.worker.stages.claimed", "Stages that this worker held");
        this.undecodable =
                counter("tailrace.worker.requests.undecodable", "Requests put aside because they cannot be read");
        this.lost = counter(
                "tailrace.worker.attempts.lost",
                "Attempts that ended because the stage was not this worker's any more");
        this.released = counter("tailrace.worker.attempts.released", "Attempts given back");
        this.failed = counter("tailrace.worker.attempts.failed", "Attempts that ended by a fault of this worker");
        this.rejoined = counter("tailrace.worker.queue.rejoins", "How often the queue was lost and joined anew");
        this.cutOff = counter("tailrace.worker.queue.cut.offs", "How often the queue was found to have lost its end");
        this.tailFailed = counter(
                "tailrace.worker.board.restarts", "How often run-events could not be read on and were begun again");
        // A series that begins with 1 shows no increase: what is rare is there, with 0, before it happens.
        for (Stale reason : Stale.values()) {
            Counter _ = drops(name(reason));
        }
        Set.of(TOO_OLD, EXHAUSTED, BEATEN).forEach(this::drops);
        this.claimTime = Timer.builder("tailrace.worker.claim")
                .description("From the delivery of a request to its acceptance")
                .register(registry);
    }

    void gauges(Supplier<Number> running, Supplier<Number> free) {
        Gauge.builder("tailrace.worker.stages.running", running)
                .description("Stages that are being executed")
                .register(registry);
        Gauge.builder("tailrace.worker.slots.free", free)
                .description("How many more stages this worker would take")
                .register(registry);
    }

    /** A request whose claim the log has taken was accepted. */
    void accepted(Duration took) {
        claimTime.record(took);
    }

    /** A claim made this worker the holder. */
    void held() {
        claimed.increment();
    }

    /** A request that is older than any that can be of use. */
    void tooOld() {
        drops(TOO_OLD).increment();
    }

    /** A request that no worker could claim, as often as it may be delivered. */
    void exhausted() {
        drops(EXHAUSTED).increment();
    }

    void dropped(Stale reason) {
        drops(name(reason)).increment();
    }

    /** Somebody else's claim was first. */
    void beaten() {
        drops(BEATEN).increment();
    }

    void undecodable() {
        undecodable.increment();
    }

    void lost() {
        lost.increment();
    }

    void released() {
        released.increment();
    }

    void failed() {
        failed.increment();
    }

    void rejoined() {
        rejoined.increment();
    }

    /** The group begins beyond the end of its queue. */
    void cutOff() {
        cutOff.increment();
    }

    /** What run-events say has to be read again. */
    void tailFailed() {
        tailFailed.increment();
    }

    private Counter drops(String reason) {
        return registry.counter("tailrace.worker.requests.dropped", "reason", reason);
    }

    private static String name(Stale reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
