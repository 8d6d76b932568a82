package io.tailrace.turn.tool.mcp;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.process.ProcessMark;
import io.tailrace.turn.file.InvalidOperatorFile;
import io.tailrace.turn.tool.CallResult;
import io.tailrace.turn.tool.ToolServers;
import io.tailrace.worker.attempt.StopSignal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Servers as a worker has them, from the text of an operator's file. */
final class Servers implements AutoCloseable {
    static final Path ODD = Path.of("src/test/resources/io/tailrace/turn/tool/mcp/odd-server.mjs")
            .toAbsolutePath();
    static final ServerTimes TIMES = new ServerTimes(
            Duration.ofSeconds(20),
            Duration.ofMinutes(5),
            Duration.ofMillis(1_500),
            Duration.ofMillis(500),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1));

    final SimpleMeterRegistry registry;
    final McpServers servers;
    private final Sandbox sandbox;
    private final AtomicLong calls = new AtomicLong();

    private Servers(McpServers servers, Sandbox sandbox, SimpleMeterRegistry registry) {
        this.registry = registry;
        this.servers = servers;
        this.sandbox = sandbox;
    }

    static Servers of(Mode mode, Path folder, ServerTimes times, Map<String, String> environment, String file)
            throws IOException, InvalidOperatorFile {
        Sandbox sandbox = Sandbox.open(
                mode,
                Optional.of(folder),
                new ProcessMark(UUID.randomUUID().toString().replace("-", "")));
        Map<String, String> worker = new HashMap<>(environment);
        worker.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        return new Servers(
                new McpServers(
                        ServersFile.parse(file),
                        Optional.of(sandbox),
                        worker,
                        InetAddress::getAllByName,
                        times,
                        System::nanoTime,
                        new ServerMetrics(registry)),
                sandbox,
                registry);
    }

    /** A file with the odd server under the name {@code odd}. */
    static String fileOfOdd(String how, String more) {
        return "servers:\n  odd:\n    command: [node, '" + ODD + "'" + (how.isEmpty() ? "" : ", " + how)
                + "]\n    read_only_paths: ['" + ODD.getParent() + "']\n" + more.indent(4);
    }

    CallResult call(String server, String tool, String arguments) {
        return call(server, tool, arguments, new StopSignal());
    }

    CallResult call(String server, String tool, String arguments, StopSignal stop) {
        return servers.call(new ToolServers.Call(server, tool, arguments, "r-1.1/1/" + calls.getAndIncrement()), stop);
    }

    CallResult odd(String tool, String arguments) {
        return call("odd", tool, arguments);
    }

    @Override
    public void close() {
        servers.close();
        sandbox.close();
    }
}
