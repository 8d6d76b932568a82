package io.tailrace.build.artifact;

/**
 * What an archive may become. How its entries may be named says {@link io.tailrace.events.definition.EntryName}.
 *
 * @param entries files and folders
 * @param bytes of all files, unpacked
 */
public record UnpackLimits(int entries, long bytes) {
    public static final UnpackLimits DEFAULT = new UnpackLimits(20_000, 1024L * 1024 * 1024);
}
