package io.tailrace.events.archive;

/**
 * What an archive may become. How its entries may be named says {@link io.tailrace.events.definition.EntryName}.
 *
 * @param entries files and folders, those included that only the names of others tell of
 * @param bytes of all files, unpacked
 */
public record ArchiveLimits(int entries, long bytes) {
    /** More is unpacked nowhere. */
    public static final ArchiveLimits MOST = new ArchiveLimits(20_000, 1024L * 1024 * 1024);
}
