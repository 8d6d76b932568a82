package io.tailrace.turn.tool.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.tailrace.turn.tool.mcp.BoundedLines.Line;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that was started for a session, and ends with it. */
final class StdioLink implements ServerLink {
    private static final Logger log = LoggerFactory.getLogger(StdioLink.class);
    private static final int MAX_STDERR_LINE = 2 * 1024;

    /** Between the end of a process's output and its own, which says more. */
    private static final Duration END = Duration.ofSeconds(2);

    private final ServerProcess process;
    private final StdioTransport transport;
    private final Duration grace;
    private final AtomicBoolean closed = new AtomicBoolean();

    private StdioLink(ServerProcess process, StdioTransport transport, Duration grace) {
        this.process = process;
        this.transport = transport;
        this.grace = grace;
    }

    /**
     * Starts the process.
     *
     * @param worker the worker's environment
     * @param mask hides secrets in what is logged
     */
    static StdioLink open(
            ServerDefinition.Stdio definition,
            Sandbox sandbox,
            Map<String, String> worker,
            McpJsonMapper json,
            Duration grace,
            LongSupplier nanoTime,
            UnaryOperator<String> mask)
            throws ServerUnavailable {
        ServerProcess process = ServerProcess.start(definition, sandbox, worker);
        // A platform thread, as everywhere where a pipe is waited for: a virtual one would hold its carrier.
        Thread.ofPlatform()
                .daemon()
                .name("mcp-stderr-" + definition.id())
                .start(() -> logLines(definition.id(), process, nanoTime, mask));
        StdioTransport transport =
                new StdioTransport(definition.id(), process.out(), process.in(), json, nanoTime, mask);
        return new StdioLink(process, transport, grace);
    }

    private static void logLines(
            String server, ServerProcess process, LongSupplier nanoTime, UnaryOperator<String> mask) {
        BoundedLines lines = new BoundedLines(process.err(), MAX_STDERR_LINE);
        LogBudget budget = new LogBudget(nanoTime);
        try {
            Optional<Line> line = lines.next();
            while (line.isPresent()) {
                String text = line.get().text();
                OptionalLong leftOut = text.isBlank() ? OptionalLong.empty() : budget.next();
                if (leftOut.isPresent()) {
                    log.info(
                            "The tool server {} says ({} lines were left out before): {}",
                            server,
                            leftOut.getAsLong(),
                            ServerText.shown(mask.apply(text)));
                }
                line = lines.next();
            }
        } catch (IOException _) {
            // The process is being ended.
        }
    }

    @Override
    public McpClientTransport transport() {
        return transport;
    }

    @Override
    public void whenBroken(BiConsumer<ServerEnd, String> listener) {
        process.whenOverused(overuse -> listener.accept(
                ServerEnd.OVERUSE,
                overuse.code().equals("memory_exceeded")
                        ? "It used more memory than it may, and was ended."
                        : "It had more processes than it may, and was ended."));
        process.whenEnded(how -> listener.accept(ServerEnd.DIED, how));
        transport.whenClosed(() -> {
            if (!process.endsWithin(END)) {
                listener.accept(ServerEnd.DIED, "It closed its output.");
            }
        });
    }

    /** A process that does not take what it is sent, or says what is none, is of no more use. */
    @Override
    public Fault fault(Throwable fault) {
        return Fault.OF_SESSION;
    }

    @Override
    public void whenTooLong(Consumer<String> listener) {
        transport.whenTooLong(listener);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            process.end(grace);
        }
    }
}
