package io.tailrace.builds.phase;

import io.tailrace.sandbox.process.BuildScope;
import io.tailrace.sandbox.process.CommandNotStarted;
import io.tailrace.sandbox.process.ProcessTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a command something for the worker itself, before a build: what it prints is not shown. Confined to one thread. */
public final class Inquiry {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_BYTES = 8 * 1024;
    private static final int NO_ANSWER = -1;

    private final ProcessTree tree;
    private final BuildScope scope;
    private final Map<String, String> workerEnvironment;

    /** @param tree of its own, which is ended after each question */
    public Inquiry(ProcessTree tree, BuildScope scope, Map<String, String> workerEnvironment) {
        this.tree = tree;
        this.scope = scope;
        this.workerEnvironment = workerEnvironment;
    }

    /**
     * Runs the command to its end, for at most 30 s.
     *
     * @throws CommandNotStarted when there is no such program
     */
    public Answer ask(List<String> argv) throws CommandNotStarted {
        Map<String, String> environment = PhaseEnvironment.of(
                workerEnvironment, scope.folder(), scope.temporary(), Map.of(), Map.of(), Optional.empty());
        Process process = tree.start(argv, environment);
        try {
            CompletableFuture<byte[]> error = read(process.getErrorStream());
            String text = text(read(process.getInputStream()));
            int exitCode =
                    process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : NO_ANSWER;
            return new Answer(exitCode, exitCode == 0 ? text : text + text(error));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread of a stage", e);
        } finally {
            tree.end(Duration.ZERO);
        }
    }

    private static CompletableFuture<byte[]> read(InputStream in) {
        CompletableFuture<byte[]> bytes = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("inquiry").start(() -> {
            try (in) {
                bytes.complete(in.readNBytes(MAX_BYTES));
            } catch (IOException e) {
                bytes.complete(new byte[0]);
            }
        });
        return bytes;
    }

    private static String text(CompletableFuture<byte[]> bytes) throws InterruptedException {
        try {
            return new String(bytes.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS), StandardCharsets.UTF_8);
        } catch (ExecutionException | TimeoutException e) {
            return "";
        }
    }

    /**
     * What the command said.
     *
     * @param exitCode -1 when it did not end in time
     * @param text of standard output, and of standard error when it failed
     */
    public record Answer(int exitCode, String text) {}
}
