package io.tailrace.gateway.log;

import io.tailrace.runlog.RunLogLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much memory the reading side may use, and how many scans may run.
 *
 * @param ring what the ring of one run may hold
 * @param rings what the rings of all watched runs may hold together
 * @param inboxes what was read of watched runs and is not in their rings yet may take, of all runs together
 * @param replays what the chunks of all replays may hold together
 * @param scans how many scans of the topics may run at the same time
 * @param idle how long a run that nobody watches any more is followed on
 */
@ConfigurationProperties("tailrace.gateway.log")
public record LogSettings(
        @DefaultValue("4MB") DataSize ring,
        @DefaultValue("64MB") DataSize rings,
        @DefaultValue("32MB") DataSize inboxes,
        @DefaultValue("32MB") DataSize replays,
        @DefaultValue("4") int scans,
        @DefaultValue("10s") Duration idle) {
    private static final long LEAST = 64 * 1024;

    /** @throws IllegalArgumentException if a value is out of its bounds */
    public LogSettings {
        atLeast("ring", ring, LEAST);
        atLeast("rings", rings, ring.toBytes());
        atLeast("inboxes", inboxes, 1024 * 1024);
        atLeast("replays", replays, 1024 * 1024);
        if (scans < 1 || scans > 64) {
            throw new IllegalArgumentException("tailrace.gateway.log.scans must be from 1 to 64");
        }
        if (idle.isNegative() || idle.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("tailrace.gateway.log.idle must be from 0 to 1 hour");
        }
    }

    /** The same in bytes, for who reads. */
    RunLogLimits limits() {
        return new RunLogLimits(ring.toBytes(), rings.toBytes(), inboxes.toBytes(), replays.toBytes(), scans, idle);
    }

    private static void atLeast(String name, DataSize value, long bytes) {
        if (value.toBytes() < bytes) {
            throw new IllegalArgumentException("tailrace.gateway.log." + name + " must be at least " + bytes + "B");
        }
    }
}
