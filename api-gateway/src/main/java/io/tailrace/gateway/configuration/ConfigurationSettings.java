package io.tailrace.gateway.configuration;

import io.tailrace.events.archive.ArchiveLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What may be uploaded as a configuration.
 *
 * @param maxSize of an archive
 * @param maxUnpacked of what is in it, together
 * @param maxEntries how many files and folders may be in it
 * @param roots folders of this machine below which an archive may be named by its path instead of being sent
 * @param storeWithin how long the log may take for an archive
 * @param turnWithin how long an upload waits while as many as are allowed are being read
 */
@ConfigurationProperties("tailrace.gateway.configurations")
public record ConfigurationSettings(
        @DefaultValue("32MB") DataSize maxSize,
        @DefaultValue("256MB") DataSize maxUnpacked,
        @DefaultValue("20000") int maxEntries,
        @DefaultValue List<Path> roots,
        @DefaultValue("30s") Duration storeWithin,
        @DefaultValue("10s") Duration turnWithin) {
    private static final DataSize LARGEST = DataSize.ofMegabytes(512);

    // Workers unpack no more than this: what is accepted here must not fail there.
    private static final DataSize LARGEST_UNPACKED = DataSize.ofBytes(ArchiveLimits.MOST.bytes());
    private static final int MOST_ENTRIES = ArchiveLimits.MOST.entries();

    /** @throws IllegalArgumentException if a value is out of its bounds */
    public ConfigurationSettings {
        roots = List.copyOf(roots);
        if (maxSize.toBytes() < 1 || maxSize.compareTo(LARGEST) > 0) {
            throw new IllegalArgumentException("tailrace.gateway.configurations.max-size must be from 1B to 512MB");
        }
        if (maxUnpacked.toBytes() < 1 || maxUnpacked.compareTo(LARGEST_UNPACKED) > 0) {
            throw new IllegalArgumentException("tailrace.gateway.configurations.max-unpacked must be from 1B to 1GB");
        }
        if (maxEntries < 1 || maxEntries > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    "tailrace.gateway.configurations.max-entries must be from 1 to " + MOST_ENTRIES);
        }
        if (turnWithin.isNegative() || turnWithin.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.gateway.configurations.turn-within must be from 0 to 1 minute");
        }
        if (!storeWithin.isPositive() || storeWithin.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.gateway.configurations.store-within must be above 0 and at most 10 minutes");
        }
    }
}
