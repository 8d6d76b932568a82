package io.tailrace.sandbox.isolation;

import io.tailrace.sandbox.process.TreeLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The share of the machine that a build gets.
 *
 * @param cpuTime of one process
 * @param memoryBytes of all processes of the build together, watched; one process can ask the kernel for at most twice as much
 * @param fileBytes the largest file that a process may write
 * @param openFiles of one process
 * @param processes of the build, each of their threads counted
 */
public record ResourceLimits(Duration cpuTime, long memoryBytes, long fileBytes, int openFiles, int processes) {

    /** Between the signal that says what happened and the end by force. */
    private static final int CPU_GRACE_SECONDS = 5;

    /** So that the watch, which can say what happened, comes before the kernel, whose refusal each program tells in its own words. */
    private static final int MEMORY_HEADROOM = 2;

    private static final Path OWN_LIMITS = Path.of("/proc/self/limits");

    /** @throws IllegalArgumentException when a limit is not positive */
    public ResourceLimits {
        positive("cpu-time", cpuTime.toSeconds());
        positive("memory", memoryBytes);
        positive("file-size", fileBytes);
        positive("open-files", openFiles);
        positive("processes", processes);
    }

    /** What is watched over all processes of a build. */
    public TreeLimits ofTree() {
        return new TreeLimits(processes, memoryBytes);
    }

    /**
     * The words in front of a command that set its limits.
     *
     * @param countsBuildAlone whether the kernel counts this build's processes apart from all others of the user
     */
    List<String> command(String prlimit, boolean countsBuildAlone) {
        List<String> words = new ArrayList<>();
        words.add(prlimit);
        words.add("--core=0");
        words.add("--cpu=" + cpuTime.toSeconds() + ":" + (cpuTime.toSeconds() + CPU_GRACE_SECONDS));
        words.add("--data=" + memoryBytes * MEMORY_HEADROOM);
        words.add("--fsize=" + fileBytes);
        words.add("--nofile=" + Math.min(openFiles, openFilesAllowed()));
        if (countsBuildAlone) {
            words.add("--nproc=" + processes);
        }
        words.add("--");
        return words;
    }

    /** What an ordinary user cannot exceed: asking for more would fail. */
    private static long openFilesAllowed() {
        try {
            return Files.readAllLines(OWN_LIMITS).stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .map(line ->
                            line.substring("Max open files".length()).trim().split(" +", -1)[1])
                    .filter(hard -> !hard.equals("unlimited"))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("tailrace.worker.limits." + name + " must be positive");
        }
    }
}
