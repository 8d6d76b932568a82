package io.tailrace.turn.tool;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.turn.knowledge.Knowledge;
import io.tailrace.turn.provider.ToolDefinition;
import io.tailrace.worker.attempt.StopSignal;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes the kinds of tools that are part of a turn-worker, and counts their calls. Thread-safe. */
final class BuiltInTools implements ToolExecution, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BuiltInTools.class);

    private final HttpGetTool http;
    private final SearchTool search;
    private final ToolServers servers;
    private final LongSupplier nanoTime;
    private final MeterRegistry registry;

    BuiltInTools(
            HttpGetTool http, Knowledge knowledge, ToolServers servers, LongSupplier nanoTime, MeterRegistry registry) {
        this.http = http;
        this.search = new SearchTool(knowledge);
        this.servers = servers;
        this.nanoTime = nanoTime;
        this.registry = registry;
    }

    @Override
    public List<ToolDefinition> offer(ToolUse use, StopSignal stop) {
        return ToolOffer.of(use, it -> servers.describe(it.server(), it.tool(), stop));
    }

    @Override
    public CallResult execute(ToolRequest request, StopSignal stop) {
        long begin = nanoTime.getAsLong();
        String outcome = "given_back";
        try {
            CallResult result = result(request, stop);
            boolean ended = stop.reason().isEmpty();
            outcome = ended ? result.outcome().name().toLowerCase(Locale.ROOT) : "stopped";
            return result;
        } finally {
            String kind = request.tool().tag();
            registry.counter("tailrace.turns.tool.calls", "tool", kind, "outcome", outcome)
                    .increment();
            registry.timer("tailrace.turns.tool.call", "tool", kind)
                    .record(nanoTime.getAsLong() - begin, TimeUnit.NANOSECONDS);
        }
    }

    private CallResult result(ToolRequest request, StopSignal stop) {
        try {
            return switch (request.tool()) {
                case Tool.HttpGet get -> http.fetch(get, request, stop);
                case Tool.RepositorySearch repositories -> search.search(repositories, request, stop);
                case Tool.Build build -> throw new IllegalStateException(build.name() + " is a stage of its own");
                case Tool.Mcp mcp ->
                    servers.call(
                            new ToolServers.Call(
                                    mcp.server(), mcp.tool(), request.argument(), request.idempotencyKey()),
                            stop);
            };
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            log.error(
                    "A call of the tool {} failed by a fault of this worker",
                    request.tool().name(),
                    e);
            return CallResult.failed("tool_fault", "The tool failed by a fault of its own.");
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
