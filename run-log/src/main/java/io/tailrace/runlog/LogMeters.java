package io.tailrace.runlog;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the reading side tells of itself to whoever operates it. Thread-safe. */
final class LogMeters {
    private final Counter replayBytes;
    final Counter evictions;
    final Counter inboxOverflows;
    final Counter voidRecords;
    final Counter miscounts;
    final Counter feederFailures;
    final Counter epochChanges;
    final AtomicInteger scansInFlight = new AtomicInteger();
    final Timer scanWait;
    final Timer scanTime;
    final AtomicLong tailLagRecords = new AtomicLong();
    final AtomicLong tailLagMillis = new AtomicLong();
    final AtomicInteger tailPartitions = new AtomicInteger();

    /** @param prefix what the names of all begin with */
    LogMeters(MeterRegistry meters, String prefix) {
        replayBytes = bytes(meters, prefix + ".replay", "Bytes of records read for readers behind the rings");
        evictions = counter(meters, prefix + ".ring.evictions", "Records let go by the rings");
        inboxOverflows = counter(
                meters, prefix + ".inbox.overflows", "Times that an inbox was dropped, to be read from the log");
        voidRecords = counter(meters, prefix + ".void.records", "Records that the fence kept out of live runs");
        miscounts =
                counter(meters, prefix + ".miscounts", "Records whose sequence is not what was counted here: a defect");
        feederFailures = counter(meters, prefix + ".feeder.failures", "Feeders that ended for a defect");
        epochChanges = counter(meters, prefix + ".epoch.changes", "Times that the log became another one");
        scanWait = timer(meters, prefix + ".scan.wait", "How long scans of the topics waited for their turn");
        scanTime = timer(meters, prefix + ".scan.time", "How long scans of the topics took, once begun");
        Gauge.builder(prefix + ".scans", scansInFlight, AtomicInteger::get)
                .description("Scans of the topics in flight")
                .register(meters);
        Gauge.builder(prefix + ".tail.lag.records", tailLagRecords, AtomicLong::get)
                .description("Records of the watched partitions that the tail has not read")
                .register(meters);
        Gauge.builder(prefix + ".tail.lag", tailLagMillis, AtomicLong::get)
                .description("How old the last record was when the tail read it; 0 when it has read all")
                .baseUnit("milliseconds")
                .register(meters);
        Gauge.builder(prefix + ".tail.partitions", tailPartitions, AtomicInteger::get)
                .description("Partitions that the tail reads")
                .register(meters);
    }

    /** So many bytes of records were read for readers behind the rings. */
    void replayed(long bytes) {
        replayBytes.increment((double) bytes);
    }

    private static Timer timer(MeterRegistry meters, String name, String description) {
        return Timer.builder(name).description(description).register(meters);
    }

    private static Counter counter(MeterRegistry meters, String name, String description) {
        return Counter.builder(name).description(description).register(meters);
    }

    private static Counter bytes(MeterRegistry meters, String name, String description) {
        return Counter.builder(name).description(description).baseUnit("bytes").register(meters);
    }
}
