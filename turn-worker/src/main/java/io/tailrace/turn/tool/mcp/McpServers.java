package io.tailrace.turn.tool.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.tailrace.turn.tool.AddressLookup;
import io.tailrace.turn.tool.CallResult;
import io.tailrace.turn.tool.ToolArguments;
import io.tailrace.turn.tool.ToolServers;
import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import tools.jackson.databind.json.JsonMapper;

/** The operator's servers. Starts none by itself; closing it ends all that run. Safe from any thread. */
final class McpServers implements ToolServers, AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final Map<String, ToolServer> servers = new LinkedHashMap<>();
    private final Map<String, SecretValues> secrets = new LinkedHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("mcp-idle").factory());

    /**
     * @param sandbox for servers that are processes; there is one if any is
     * @param worker the worker's environment
     */
    McpServers(
            List<ServerDefinition> definitions,
            Optional<Sandbox> sandbox,
            Map<String, String> worker,
            AddressLookup lookup,
            ServerTimes times,
            LongSupplier nanoTime,
            ServerMetrics metrics) {
        McpJsonMapper json = new JacksonMcpJsonMapper(JsonMapper.builder().build());
        for (ServerDefinition definition : definitions) {
            SecretValues mask = new SecretValues(definition.variables(), worker);
            ServerLink.Maker links = () -> {
                requireVariables(definition, worker);
                return switch (definition) {
                    case ServerDefinition.Stdio stdio ->
                        StdioLink.open(stdio, sandbox.orElseThrow(), worker, json, times.grace(), nanoTime, mask);
                    case ServerDefinition.Http http -> HttpLink.open(http, worker, json, lookup);
                };
            };
            ToolServer server = new ToolServer(definition, links, times, json, nanoTime, mask, metrics);
            metrics.watch(server);
            servers.put(definition.id(), server);
            secrets.put(definition.id(), mask);
        }
        long look = Math.min(LOOK.toMillis(), Math.max(1, times.idle().toMillis() / 4));
        var _ = timer.scheduleWithFixedDelay(
                () -> servers.values().forEach(ToolServer::endIfUnused), look, look, TimeUnit.MILLISECONDS);
    }

    private static void requireVariables(ServerDefinition definition, Map<String, String> worker)
            throws ServerUnavailable {
        for (String name : definition.variables()) {
            if (!worker.containsKey(name)) {
                throw new ServerUnavailable("The variable " + name + " is not set in the worker's environment.");
            }
        }
    }

    @Override
    public Described describe(String server, String tool, StopSignal stop) {
        ToolServer known = servers.get(server);
        if (known == null) {
            return new Described.Unusable("server_unavailable", unknown(server));
        }
        return switch (known.describe(tool, stop)) {
            case Described.Usable usable ->
                new Described.Usable(usable.description().map(it -> hide(server, it)), hide(server, usable.schema()));
            case Described.Unusable unusable ->
                new Described.Unusable(unusable.code(), hide(server, unusable.reason()));
        };
    }

    @Override
    public CallResult call(Call call, StopSignal stop) {
        ToolServer server = servers.get(call.server());
        if (server == null) {
            return CallResult.failed("server_unavailable", unknown(call.server()));
        }
        Map<String, Object> arguments;
        try {
            arguments = ToolArguments.object(call.arguments());
        } catch (ToolArguments.Invalid e) {
            return e.result();
        }
        return server.call(call, arguments, stop).withText(text -> hide(call.server(), text));
    }

    private String hide(String server, String text) {
        SecretValues mask = secrets.get(server);
        return mask == null ? text : mask.apply(text);
    }

    private static String unknown(String server) {
        return "This worker has no tool server \"" + ServerText.shown(server) + "\".";
    }

    @Override
    public List<Listed> list() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Listed>> asked = servers.values().stream()
                    .map(it -> CompletableFuture.supplyAsync(it::list, threads))
                    .toList();
            return asked.stream().map(CompletableFuture::join).map(this::hidden).toList();
        }
    }

    private Listed hidden(Listed listed) {
        return new Listed(
                listed.id(),
                listed.failure().map(it -> hide(listed.id(), it)),
                listed.tools().stream()
                        .map(tool ->
                                new ListedTool(tool.name(), tool.description().map(it -> hide(listed.id(), it))))
                        .toList());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            servers.values().forEach(it -> threads.execute(it::close));
        }
    }
}
