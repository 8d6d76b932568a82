package io.tailrace.turn.tool.mcp;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts how servers start and end. Thread-safe. */
final class ServerMetrics {
    private static final String SERVER = "server";

    private final MeterRegistry registry;

    ServerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void watch(ToolServer server) {
        Gauge.builder("tailrace.turns.tool.servers.running", server, it -> it.isRunning() ? 1 : 0)
                .description("1 while there is a session with this tool server, else 0")
                .tag(SERVER, server.id())
                .register(registry);
    }

    void started(String server, boolean ready) {
        registry.counter("tailrace.turns.tool.servers.starts", SERVER, server, "outcome", ready ? "ready" : "failed")
                .increment();
    }

    void ended(String server, ServerEnd why) {
        registry.counter("tailrace.turns.tool.servers.ends", SERVER, server, "reason", why.tag())
                .increment();
    }
}
