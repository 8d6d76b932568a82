package io.tailrace.sandbox.process;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Ends a changing set of processes: SIGTERM, a grace, then SIGKILL until none is left.
 *
 * <p>Before it kills, it stops (SIGSTOP) what it sees and looks again until it sees nothing new: a stopped process cannot fork, so a tree
 * that multiplies while it is being ended is caught as well. Takes at most the grace and {@link #KILL_PATIENCE}.
 */
final class ProcessEnder {

    /** How long processes may take to disappear after SIGKILL; one in an uninterruptible system call can take for ever. */
    static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(10);
    private static final int ROUNDS_OF_STOPPING = 50;
    /** One look at the process table can miss a process whose parent ended during the look. */
    private static final int LOOKS_TO_BE_SURE = 2;

    private final Supplier<List<ProcessEntry>> living;
    private final Predicate<ProcessIdentity> ends;
    private final Runnable killAtOnce;
    private final Set<ProcessIdentity> asked = new HashSet<>();
    private int emptyLooks;

    /** @param living looks at the process table: those that are to be ended and have not ended */
    ProcessEnder(Supplier<List<ProcessEntry>> living) {
        this(living, _ -> false, () -> {});
    }

    /**
     * @param ends of itself when all others have ended, and is not asked to
     * @param killAtOnce runs when the grace is over: kills, in one go, as many as it can
     */
    ProcessEnder(Supplier<List<ProcessEntry>> living, Predicate<ProcessIdentity> ends, Runnable killAtOnce) {
        this.living = living;
        this.ends = ends;
        this.killAtOnce = killAtOnce;
    }

    /** Blocks until all have ended or patience is over. Answers those that could not be ended. */
    List<ProcessEntry> end(Duration grace) {
        if (grace.isPositive()) {
            if (haveAllEndedWithin(grace)) {
                killAtOnce.run();
                return List.of();
            }
        }
        killAtOnce.run();
        long deadline = System.nanoTime() + KILL_PATIENCE.toNanos();
        List<ProcessEntry> left = look();
        while (!isSureThatAllHaveEnded() && System.nanoTime() - deadline < 0) {
            stopUntilNothingNewAppears(left);
            look().forEach(process -> signal(process, Posix.SIGKILL));
            pause();
            left = look();
        }
        return left;
    }

    private void terminate(List<ProcessEntry> seen) {
        for (ProcessEntry process : seen) {
            if (!asked.add(process.identity())) {
                continue;
            }
            if (!ends.test(process.identity())) {
                signal(process, Posix.SIGTERM);
            }
            if (process.isStopped()) {
                signal(process, Posix.SIGCONT);
            }
        }
    }

    private boolean haveAllEndedWithin(Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        while (true) {
            terminate(look());
            if (isSureThatAllHaveEnded()) {
                return true;
            }
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            pause();
        }
    }

    private void stopUntilNothingNewAppears(List<ProcessEntry> first) {
        Set<ProcessIdentity> stopped = new HashSet<>();
        List<ProcessEntry> seen = first;
        for (int round = 0; round < ROUNDS_OF_STOPPING; round++) {
            boolean anyNew = false;
            for (ProcessEntry process : seen) {
                if (stopped.add(process.identity())) {
                    anyNew = true;
                    signal(process, Posix.SIGSTOP);
                }
            }
            if (!anyNew) {
                return;
            }
            seen = look();
        }
    }

    /** Looks once more whether the pid is still that process and not a stranger's that came after it. */
    private static void signal(ProcessEntry process, int signal) {
        ProcessTable.entry(process.pid())
                .filter(now -> now.identity().equals(process.identity()))
                .ifPresent(now -> Posix.signal(now.pid(), signal));
    }

    private List<ProcessEntry> look() {
        List<ProcessEntry> seen = living.get();
        emptyLooks = seen.isEmpty() ? emptyLooks + 1 : 0;
        return seen;
    }

    private boolean isSureThatAllHaveEnded() {
        return emptyLooks >= LOOKS_TO_BE_SURE;
    }

    /** There is no event to wait for: the end of a process that is not a child of ours is announced to nobody. */
    private static void pause() {
        LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
    }
}
