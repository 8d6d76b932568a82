package io.tailrace.local.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that was started by {@link Launch}, by us or by an earlier process of ours. Safe for use by many threads.
 * Operations on a process that has ended do nothing.
 */
public final class ChildProcess {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Duration COLLECTED_WITHIN = Duration.ofSeconds(2);

    private final ProcessIdentity identity;
    /** Kept reachable: its standard input pipe is closed when it is collected. */
    private final Optional<Process> started;

    ChildProcess(ProcessIdentity identity, Optional<Process> started) {
        this.identity = identity;
        this.started = started;
    }

    /** The running process that {@code pidFile} names; empty when it is not running (any more). */
    public static Optional<ChildProcess> attach(Path pidFile) throws IOException {
        return ProcessIdentity.read(pidFile)
                .filter(identity -> identity.running().isPresent())
                .map(identity -> new ChildProcess(identity, Optional.empty()));
    }

    /** The process that {@code pidFile} names, whether it runs or has ended; one that has ended if it names none. */
    public static ChildProcess recorded(Path pidFile) throws IOException {
        return new ChildProcess(ProcessIdentity.read(pidFile).orElse(ProcessIdentity.NOBODY), Optional.empty());
    }

    public long pid() {
        return identity.pid();
    }

    public boolean isAlive() {
        return identity.running().isPresent();
    }

    /** Known only for a process that this one started, and after its end. */
    public Optional<Integer> exitCode() {
        return started.filter(process -> !process.isAlive()).map(Process::exitValue);
    }

    /** Asks it to end (SIGTERM; a paused process is woken up for that) and kills it after {@code patience}. */
    public void stop(Duration patience) {
        identity.running().ifPresent(handle -> {
            handle.destroy();
            signal("CONT");
            if (!awaitEnd(patience)) {
                kill();
            }
        });
    }

    /** SIGTERM only; does not wait. */
    public void terminate() {
        identity.running().ifPresent(ProcessHandle::destroy);
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        identity.running().ifPresent(handle -> {
            handle.destroyForcibly();
            awaitEnd(Duration.ofSeconds(10));
        });
    }

    /** SIGSTOP. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    /** Waits until it has ended; false when it is still there after {@code patience}. */
    public boolean awaitEnd(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        for (Optional<ProcessHandle> handle = identity.running(); handle.isPresent(); handle = identity.running()) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || !awaitExit(handle.get(), Math.min(left, LOOK_AGAIN.toNanos()))) {
                return false;
            }
        }
        awaitExitCode();
        return true;
    }

    /** What has ended is collected, and its exit code known, a moment later; only by the process that started it. */
    private void awaitExitCode() {
        try {
            if (started.isPresent()) {
                boolean _ = started.get().waitFor(COLLECTED_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when this thread shall not wait any longer. */
    private boolean awaitExit(ProcessHandle handle, long nanos) {
        try {
            handle.onExit().get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException stillThere) {
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException failed) {
            throw new IllegalStateException("cannot watch process " + pid(), failed);
        }
    }

    private void signal(String name) {
        if (!isAlive()) {
            return;
        }
        try {
            // The shell's own kill: the program of that name is missing on slim systems.
            new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("cannot send SIG" + name + " to process " + pid(), e);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
