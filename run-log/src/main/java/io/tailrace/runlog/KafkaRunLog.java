package io.tailrace.runlog;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.OptionalLong;

/**
 * The runs in Kafka's topics. One thread tails the partitions that somebody watches; scans of the topics, few at a time,
 * serve who reads what is past. Brokers that cannot be reached are waited for. Thread-safe.
 */
public final class KafkaRunLog implements RunLog, AutoCloseable {
    private final LogMeters meters;
    private final KafkaLogSource source;
    private final KafkaTail tail;
    private final TailedRunLog log;

    /**
     * Connects to nothing yet.
     *
     * @param reader what the process that reads is called in the names of its meters
     * @param unreadable gets the records that cannot be read as they should
     * @param clock the time, to compare with the brokers'
     */
    public KafkaRunLog(
            String reader,
            LogAccess access,
            RunLogLimits limits,
            UnreadableRecords unreadable,
            MeterRegistry registry,
            Clock clock) {
        String prefix = "tailrace." + reader;
        meters = new LogMeters(registry, prefix);
        KafkaConsumers consumers = new KafkaConsumers(access);
        ScanPool pool = new ScanPool(limits.scans(), consumers::forScans, meters);
        source = new KafkaLogSource(access::epoch, access::admin, pool, unreadable);
        tail = new KafkaTail(consumers::forTail, source::end, meters, unreadable, clock);
        log = new TailedRunLog(source, tail, limits, meters);
        Gauge.builder(prefix + ".watched.runs", log, TailedRunLog::watchedRuns)
                .description("Runs that are watched, or were a moment ago")
                .register(registry);
        Gauge.builder(prefix + ".replays", log, TailedRunLog::openReplays)
                .description("Replays of the log for readers behind the rings")
                .register(registry);
        Gauge.builder(prefix + ".inbox.held", log, TailedRunLog::inboxBytes)
                .description("What was read of watched runs and is not in their rings yet")
                .baseUnit("bytes")
                .register(registry);
    }

    /** Begins to read. Called once. */
    public void start() {
        tail.start();
        log.start();
    }

    @Override
    public RunFeed open(RunLocation run, Start start, Until until)
            throws CursorRefused, LogUnreadable, InterruptedException {
        return log.open(run, start, until);
    }

    @Override
    public void spine(RunLocation run, OptionalLong from, SpineSink sink) throws LogUnreadable, InterruptedException {
        log.spine(run, from, sink);
    }

    LogMeters meters() {
        return meters;
    }

    /** Ends all feeds' sources; readers that are still there get nothing more. */
    @Override
    public void close() {
        log.close();
        tail.close();
        source.close();
    }
}
