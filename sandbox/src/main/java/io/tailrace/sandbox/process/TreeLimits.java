package io.tailrace.sandbox.process;

import java.util.Optional;

/**
 * The share of the machine that all processes of a build may use together. Looked at about twice a second, so it can be exceeded for so
 * long.
 *
 * @param threads processes and their threads
 * @param memoryBytes see {@link TreeUsage}
 */
public record TreeLimits(int threads, long memoryBytes) {

    /** No limit. */
    public static final TreeLimits NONE = new TreeLimits(Integer.MAX_VALUE, Long.MAX_VALUE);

    private static final long MEBIBYTE = 1024 * 1024;

    Optional<Overuse> exceededBy(TreeUsage usage) {
        if (usage.threads() >= threads) {
            return Optional.of(
                    new Overuse(
                            "too_many_processes",
                            "The build had " + usage.threads() + " processes and threads and was ended; up to "
                                    + threads
                                    + " are allowed. Start fewer at a time, or let the operator raise tailrace.worker.limits.processes."));
        }
        if (usage.memoryBytes() > memoryBytes) {
            return Optional.of(new Overuse(
                    "memory_exceeded",
                    "The build used " + usage.memoryBytes() / MEBIBYTE + " MiB of memory and was ended; "
                            + memoryBytes / MEBIBYTE
                            + " MiB are allowed. Use less, or let the operator raise tailrace.worker.limits.memory."));
        }
        return Optional.empty();
    }
}
