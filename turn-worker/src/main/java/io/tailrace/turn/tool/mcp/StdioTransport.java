package io.tailrace.turn.tool.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.tailrace.turn.tool.mcp.BoundedLines.Line;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Messages as lines over the pipes of a process. Lines that are no messages, blank ones and too long ones are logged and passed over, so
 * that a server which prints what it should not stays usable. Nothing that is sent blocks its sender: a server that does not read fills a
 * queue, and then senders fail. Safe from any thread; reads and writes on two platform threads of its own, which end with the pipes:
 * a virtual thread that waits for a pipe holds its carrier.
 *
 * <p>Source: Model Context Protocol 2025-11-25, Transports, stdio.
 */
final class StdioTransport implements McpClientTransport {
    /** Of one message from the server. */
    static final int MAX_LINE_BYTES = 4 * 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(StdioTransport.class);
    private static final int MAX_WAITING = 1_000;

    /** Where servers write the id of a response: behind what is long, or before it. */
    private static final Pattern LAST_ID = Pattern.compile("\"id\"\\s*:\\s*\"?([^\",{}\\[\\]]{1,100})\"?\\s*}\\s*$");

    private static final Pattern FIRST_ID = Pattern.compile(
            "^\\{(?:\"jsonrpc\"\\s*:\\s*\"2.0\"\\s*,\\s*)?\"id\"\\s*:\\s*\"?([^\",{}\\[\\]]{1,100})\"?\\s*,");

    private static final int FIRST = 256;

    private final String server;
    private final InputStream out;
    private final OutputStream in;
    private final McpJsonMapper json;
    private final LongSupplier nanoTime;
    private final UnaryOperator<String> mask;
    private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private volatile Consumer<String> tooLong = _ -> {};
    private volatile Runnable closed = () -> {};

    /**
     * @param out what the server writes
     * @param in what it reads
     * @param mask hides secrets in what is logged
     */
    StdioTransport(
            String server,
            InputStream out,
            OutputStream in,
            McpJsonMapper json,
            LongSupplier nanoTime,
            UnaryOperator<String> mask) {
        this.server = server;
        this.out = out;
        this.in = in;
        this.json = json;
        this.nanoTime = nanoTime;
        this.mask = mask;
    }

    /** Who is told the id of a response that is too long. */
    void whenTooLong(Consumer<String> listener) {
        tooLong = listener;
    }

    /** Who is told that the server says nothing more. Called on the thread that reads, which has nothing else to do then. */
    void whenClosed(Runnable listener) {
        closed = listener;
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        return Mono.fromRunnable(() -> {
            Thread writer =
                    Thread.ofPlatform().daemon().name("mcp-writer-" + server).start(this::write);
            Thread.ofPlatform().daemon().name("mcp-reader-" + server).start(() -> {
                try {
                    read(handler);
                } finally {
                    writer.interrupt();
                    closed.run();
                }
            });
        });
    }

    private void read(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        BoundedLines lines = new BoundedLines(out, MAX_LINE_BYTES);
        LogBudget budget = new LogBudget(nanoTime);
        try {
            Optional<Line> next = lines.next();
            while (next.isPresent()) {
                Line line = next.get();
                Optional<JSONRPCMessage> message = line.isTooLong() ? Optional.empty() : message(line.text());
                message.ifPresent(it -> give(it, handler));
                if (message.isEmpty() && !line.text().isBlank()) {
                    passOver(line, budget);
                }
                next = lines.next();
            }
        } catch (IOException _) {
            // The process is being ended, which is told by its end.
        }
    }

    private Optional<JSONRPCMessage> message(String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(McpSchema.deserializeJsonRpcMessage(json, line));
        } catch (IOException | RuntimeException _) {
            return Optional.empty();
        }
    }

    private void give(JSONRPCMessage message, Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        var _ = handler.apply(Mono.just(message))
                .subscribe(
                        _ -> {},
                        fault -> log.warn(
                                "A message of the tool server {} could not be handled: {}",
                                server,
                                ServerText.shown(mask.apply(String.valueOf(fault)))));
    }

    private void passOver(Line line, LogBudget budget) {
        if (line.isTooLong()) {
            String first = line.text().substring(0, Math.min(FIRST, line.text().length()));
            id(LAST_ID.matcher(line.end().orElse("")))
                    .or(() -> id(FIRST_ID.matcher(first)))
                    .ifPresent(tooLong);
        }
        OptionalLong leftOut = budget.next();
        if (leftOut.isPresent()) {
            log.warn(
                    "The tool server {} printed a line that is {}; it is passed over ({} others were before): {}",
                    server,
                    line.isTooLong() ? "longer than " + MAX_LINE_BYTES + " bytes" : "no message",
                    leftOut.getAsLong(),
                    ServerText.shown(mask.apply(line.text())));
        }
    }

    private static Optional<String> id(Matcher matcher) {
        return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.fromCallable(() -> {
                    if (!waiting.offer(json.writeValueAsString(message))) {
                        throw new IOException("The server does not read what it is sent.");
                    }
                    return true;
                })
                .then();
    }

    private void write() {
        try {
            while (true) {
                in.write((waiting.take() + "\n").getBytes(StandardCharsets.UTF_8));
                in.flush();
            }
        } catch (IOException | InterruptedException _) {
            // The process has ended, or is being ended.
        }
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return json.convertValue(data, type);
    }

    /** The process ends with its link. */
    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }
}
