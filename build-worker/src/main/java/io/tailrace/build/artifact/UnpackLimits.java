package io.tailrace.build.artifact;

/**
 * What an archive may become.
 *
 * @param entries files and folders
 * @param bytes of all files, unpacked
 * @param pathLength characters of a path within the archive
 * @param depth folders within each other
 */
public record UnpackLimits(int entries, long bytes, int pathLength, int depth) {
    public static final UnpackLimits DEFAULT = new UnpackLimits(20_000, 1024L * 1024 * 1024, 512, 32);
}
