package io.tailrace.sandbox.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The process that holds a build's namespaces. When it ends, the kernel kills all that is in them, at once. It ends with the worker,
 * however that ends: its standard input closes, and its starter asked for the parent's death signal, which is tied to the starting thread.
 */
final class Holder {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE_WITH_END = Duration.ofSeconds(1);
    private static final int MAX_COMPLAINT = 2_000;

    private final Process process;
    private final long first;
    private final Set<ProcessIdentity> identities;

    private Holder(Process process, long first, Set<ProcessIdentity> identities) {
        this.process = process;
        this.first = first;
        this.identities = identities;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param starts on the one thread whose end would end it
     * @throws CommandNotStarted when the namespaces cannot be made; the message is that of the program that makes them
     */
    static Holder open(Starter starts, List<String> command, String mark) throws CommandNotStarted {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put(ProcessMark.VARIABLE, mark);
        builder.redirectInput(Redirect.PIPE);
        Process process;
        try {
            process = starts.start(builder);
        } catch (IOException e) {
            throw CommandNotStarted.notIsolated(String.valueOf(e.getMessage()));
        }
        if (!isReadyInTime(process)) {
            String complaint = complaint(process);
            process.destroyForcibly();
            throw CommandNotStarted.notIsolated(complaint);
        }
        List<ProcessHandle> children = process.toHandle().children().toList();
        if (children.size() != 1) {
            process.destroyForcibly();
            throw CommandNotStarted.notIsolated("the isolated processes cannot be found");
        }
        return new Holder(process, children.getFirst().pid(), identitiesOf(process));
    }

    private static boolean isReadyInTime(Process process) {
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("isolation-ready").start(() -> {
            try {
                ready.complete(process.getInputStream().read() >= 0);
            } catch (IOException e) {
                ready.completeExceptionally(e);
            }
        });
        try {
            return ready.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread of a build", e);
        }
    }

    private static String complaint(Process process) {
        process.destroy();
        try (InputStream in = process.getErrorStream();
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String text = reader.lines().collect(Collectors.joining("; "));
            return text.isBlank()
                    ? "no answer within " + PATIENCE.toSeconds() + " s"
                    : text.substring(0, Math.min(text.length(), MAX_COMPLAINT));
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static Set<ProcessIdentity> identitiesOf(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(handle -> ProcessTable.entry(handle.pid()))
                .flatMap(Optional::stream)
                .map(ProcessEntry::identity)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The first process inside: the kernel ends all others with it. */
    long first() {
        return first;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The processes that only hold, and are no part of the build. */
    Set<ProcessIdentity> identities() {
        return identities;
    }

    /** Ends all that is inside, and waits until it is gone, but no longer than a moment. */
    void kill() {
        boolean isStillThatProcess = ProcessTable.entry(first)
                .filter(entry -> identities.contains(entry.identity()))
                .isPresent();
        if (process.isAlive() && isStillThatProcess) {
            Posix.signal(first, Posix.SIGKILL);
        }
        try {
            // It ends when the last of those inside was waited for.
            if (!process.waitFor(PATIENCE_WITH_END.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts a process on the right thread. */
    interface Starter {
        Process start(ProcessBuilder builder) throws IOException;
    }
}
