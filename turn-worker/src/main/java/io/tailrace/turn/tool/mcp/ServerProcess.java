package io.tailrace.turn.tool.mcp;

import io.tailrace.sandbox.folder.BuildFolder;
import io.tailrace.sandbox.process.BuildScope;
import io.tailrace.sandbox.process.CommandNotStarted;
import io.tailrace.sandbox.process.Overuse;
import io.tailrace.sandbox.process.ProcessTree;
import io.tailrace.sandbox.process.TreeLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server's process, all that it starts, and the folder that it works in. Safe from any thread. */
final class ServerProcess {
    private static final Logger log = LoggerFactory.getLogger(ServerProcess.class);
    private static final List<String> INHERITED = List.of("PATH", "TZ");

    private final String server;
    private final BuildFolder folder;
    private final ProcessTree tree;
    private final Process process;

    private ServerProcess(String server, BuildFolder folder, ProcessTree tree, Process process) {
        this.server = server;
        this.folder = folder;
        this.tree = tree;
        this.process = process;
    }

    /**
     * Starts it, in an empty folder of its own.
     *
     * @param worker the worker's environment
     */
    static ServerProcess start(ServerDefinition.Stdio definition, Sandbox sandbox, Map<String, String> worker)
            throws ServerUnavailable {
        BuildFolder folder;
        try {
            folder = sandbox.folder().create();
        } catch (IOException e) {
            throw new ServerUnavailable("Its folder could not be made: " + e.getMessage());
        }
        BuildScope scope = new BuildScope(
                folder.path(),
                folder.temporary(),
                definition.readOnlyPaths(),
                definition.writablePaths(),
                definition.network());
        ProcessTree tree = null;
        boolean started = false;
        try {
            tree = sandbox.processes().open(scope, new TreeLimits(definition.processes(), definition.memoryBytes()));
            Process process = tree.startWithInput(definition.command(), environment(definition, folder, worker));
            started = true;
            return new ServerProcess(definition.id(), folder, tree, process);
        } catch (CommandNotStarted e) {
            throw new ServerUnavailable(e.reason());
        } finally {
            if (!started) {
                if (tree != null) {
                    tree.close();
                }
                remove(definition.id(), folder);
            }
        }
    }

    private static Map<String, String> environment(
            ServerDefinition.Stdio definition, BuildFolder folder, Map<String, String> worker) {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/local/bin:/usr/bin:/bin"));
        INHERITED.stream()
                .filter(worker::containsKey)
                .forEach(name -> environment.put(name, worker.getOrDefault(name, "")));
        environment.put("LANG", "C.UTF-8");
        environment.put("HOME", folder.path().toString());
        environment.put("TMPDIR", folder.temporary().toString());
        environment.putAll(definition.environment());
        definition.passEnvironment().forEach(name -> environment.put(name, worker.getOrDefault(name, "")));
        return environment;
    }

    InputStream out() {
        return process.getInputStream();
    }

    InputStream err() {
        return process.getErrorStream();
    }

    OutputStream in() {
        return process.getOutputStream();
    }

    /** Called when it has ended, at once if it has already. Must not block. */
    void whenEnded(Consumer<String> listener) {
        var _ = process.onExit().thenAccept(it -> listener.accept(how(it.exitValue())));
    }

    private static String how(int exitCode) {
        return exitCode > 128
                ? "Its process was ended by signal " + (exitCode - 128) + "."
                : "Its process ended with the exit code " + exitCode + ".";
    }

    /** Called when it uses more than its share. Must not block. */
    void whenOverused(Consumer<Overuse> listener) {
        tree.whenOverused(listener);
    }

    /** Whether it ends within this time. Blocks. */
    boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** Ends all of it: by the end of its input, by SIGTERM, by SIGKILL. Blocks for up to twice the grace and some 10 s. */
    void end(Duration grace) {
        // On a platform thread of its own: while somebody writes to a full pipe, its end waits until the process is
        // killed.
        Thread.ofPlatform().daemon().name("mcp-end-of-input-" + server).start(this::endInput);
        boolean _ = endsWithin(grace);
        int left = tree.end(grace);
        if (left > 0) {
            log.error("{} processes of the tool server {} could not be ended", left, server);
        }
        tree.close();
        remove(server, folder);
    }

    private void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException _) {
            // It has ended, or does not read.
        }
    }

    private static void remove(String server, BuildFolder folder) {
        try {
            folder.remove();
        } catch (IOException e) {
            log.warn("The folder {} of the tool server {} cannot be removed", folder.path(), server, e);
        }
    }
}
