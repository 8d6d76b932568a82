package io.tailrace.sandbox.process;

/**
 * One row of the kernel's process table at a moment.
 *
 * @param pid the process
 * @param parentPid who waits for it
 * @param session its session
 * @param state the kernel's letter: {@code R}, {@code S}, {@code D}, {@code T}, {@code Z} …
 * @param threads how many it has
 * @param startTicks when it started, in clock ticks since boot: with the pid, the identity of a process
 */
record ProcessEntry(long pid, long parentPid, long session, char state, int threads, long startTicks) {

    boolean isZombie() {
        return state == 'Z' || state == 'X';
    }

    boolean isStopped() {
        return state == 'T' || state == 't';
    }

    ProcessIdentity identity() {
        return new ProcessIdentity(pid, startTicks);
    }
}
