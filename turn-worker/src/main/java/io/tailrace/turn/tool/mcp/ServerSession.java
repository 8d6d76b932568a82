package io.tailrace.turn.tool.mcp;

import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * A client and its connection, from the handshake until one of them ends. All that is waited for fails when it ends. Safe from any thread.
 */
final class ServerSession {
    private static final Logger log = LoggerFactory.getLogger(ServerSession.class);
    /** The field of a call's {@code _meta} that has its idempotency key. */
    private static final String IDEMPOTENCY_KEY = "io.tailrace/idempotency-key";

    private static final Duration LONGEST_CALL = Duration.ofSeconds(310);
    private static final String NOT_BACK = "It did not come back after a call was canceled.";
    private static final int MAX_TOOLS = 500;
    private static final int MAX_PAGES = 50;

    private final String server;
    private final ServerLink link;
    private final ServerTimes times;
    private final McpJsonMapper json;
    private final CallTransport transport;
    private final McpAsyncClient client;
    private final Map<Long, CompletableFuture<?>> awaited = new ConcurrentHashMap<>();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong lastCall = new AtomicLong();
    private final Map<Long, CompletableFuture<CallToolResult>> calls = new ConcurrentHashMap<>();
    private final AtomicBoolean pinging = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final BiConsumer<ServerEnd, String> onEnd;
    private volatile boolean toolsChanged = true;
    private volatile Map<String, ServerTool> tools = Map.of();
    private volatile String protocolVersion = "";

    /** Guarded by this: why it ended, and how many use it. */
    private @Nullable String ended;

    private boolean opened;
    private int users;
    private long unusedSince;

    /** @param onEnd called once, if it was opened before; must not block */
    private ServerSession(
            String server,
            ServerLink link,
            ServerTimes times,
            McpJsonMapper json,
            BiConsumer<ServerEnd, String> onEnd) {
        this.server = server;
        this.link = link;
        this.times = times;
        this.json = json;
        this.onEnd = onEnd;
        this.transport = new CallTransport(link.transport(), () -> toolsChanged = true);
        this.client = McpClient.async(transport)
                .requestTimeout(LONGEST_CALL)
                .initializationTimeout(times.start().plusSeconds(1))
                .clientInfo(McpSchema.Implementation.builder("tailrace", "1").build())
                .jsonSchemaValidator(new Unchecked())
                .build();
    }

    /** Schemas of results are the servers' business. */
    private static final class Unchecked implements JsonSchemaValidator {
        @Override
        public ValidationResponse validate(Map<String, Object> schema, Object structuredContent) {
            return ValidationResponse.asValid(null);
        }
    }

    /** An answer that is longer than what is read. */
    static final class TooLong extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Shakes hands, and asks for the tools. Blocks.
     *
     * @throws ServerUnavailable if it does not come to that; the link is closed then
     */
    static ServerSession open(
            String server,
            ServerLink link,
            ServerTimes times,
            McpJsonMapper json,
            BiConsumer<ServerEnd, String> onEnd,
            long now)
            throws ServerUnavailable {
        ServerSession session = new ServerSession(server, link, times, json, onEnd);
        session.unusedSince = now;
        link.whenBroken(session::end);
        link.whenTooLong(id -> session.transport.callOf(id).ifPresent(number -> {
            CompletableFuture<CallToolResult> call = session.calls.get(number);
            if (call != null) {
                call.completeExceptionally(new TooLong());
            }
        }));
        try {
            InitializeResult initialized =
                    session.get(session.await(session.client.initialize()), times.start(), times.start());
            session.protocolVersion = initialized.protocolVersion();
            session.askForTools(new StopSignal());
            session.opened();
            return session;
        } catch (Stopped e) {
            throw new IllegalStateException("nobody stops what all wait for", e);
        } catch (ServerUnavailable e) {
            session.end(ServerEnd.DIED, e.reason());
            session.awaitClosed();
            throw e;
        } catch (RuntimeException e) {
            session.end(ServerEnd.DIED, "A fault of the worker.");
            session.awaitClosed();
            throw e;
        }
    }

    private synchronized void opened() throws ServerUnavailable {
        if (ended != null) {
            throw new ServerUnavailable(ended);
        }
        opened = true;
    }

    /** Called when nothing of it is left. */
    void whenClosed(Runnable listener) {
        var _ = closed.thenRun(listener);
    }

    /** Counts somebody as a user; not if it has ended. */
    synchronized boolean use() {
        if (ended != null) {
            return false;
        }
        users++;
        return true;
    }

    synchronized void unuse(long now) {
        users--;
        unusedSince = now;
    }

    /** Ends it if nobody has used it since then. */
    void endIfUnused(long now) {
        String reason = "Nobody used it.";
        synchronized (this) {
            if (ended != null || users > 0 || now - unusedSince < times.idle().toNanos()) {
                return;
            }
            ended = reason;
        }
        letGo(ServerEnd.IDLE, reason);
    }

    synchronized boolean hasEnded() {
        return ended != null;
    }

    /** Lets go of everything, in the background; what is waited for fails at once. */
    void end(ServerEnd why, String reason) {
        synchronized (this) {
            if (ended != null) {
                return;
            }
            ended = reason;
        }
        letGo(why, reason);
    }

    /** Once, after it was marked as ended. */
    private void letGo(ServerEnd why, String reason) {
        boolean wasOpened;
        synchronized (this) {
            wasOpened = opened;
        }
        awaited.values().forEach(it -> it.completeExceptionally(new ServerUnavailable(reason)));
        if (wasOpened) {
            onEnd.accept(why, reason);
        }
        Thread.ofVirtual().name("mcp-end-" + server).start(() -> {
            try {
                client.closeGracefully().block(times.grace());
            } catch (RuntimeException e) {
                log.debug("The session with the tool server {} was not closed in order", server, e);
            } finally {
                link.close();
                closed.complete(null);
            }
        });
    }

    private void awaitClosed() {
        try {
            closed.get(times.grace().multipliedBy(3).plusSeconds(10).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("The tool server {} has not ended in time", server);
        }
    }

    /** What a request is answered with; fails when the session ends. */
    private <T> CompletableFuture<T> await(Mono<T> request) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        long number = requests.incrementAndGet();
        awaited.put(number, answer);
        String over;
        synchronized (this) {
            over = ended;
        }
        if (over != null) {
            answer.completeExceptionally(new ServerUnavailable(over));
        } else {
            Disposable subscribed = request.subscribe(
                    answer::complete,
                    answer::completeExceptionally,
                    () -> answer.completeExceptionally(new ServerUnavailable("It answered nothing.")));
            var _ = answer.whenComplete((_, _) -> subscribed.dispose());
        }
        var _ = answer.whenComplete((_, _) -> awaited.remove(number));
        return answer;
    }

    /**
     * Waits for an answer.
     *
     * @param left until it has to be there
     * @param allowed of which that is the rest
     */
    private <T> T get(CompletableFuture<T> answer, Duration left, Duration allowed) throws ServerUnavailable, Stopped {
        try {
            return answer.get(left.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(false);
            String reason = "It did not answer within " + allowed.toMillis() + " ms.";
            end(ServerEnd.UNRESPONSIVE, reason);
            throw new ServerUnavailable(reason);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerUnavailable("The worker ends.");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Stopped stopped) {
                throw stopped;
            }
            throw unavailable(e.getCause());
        }
    }

    /** A failure of a request, as one of the server. */
    static ServerUnavailable unavailable(@Nullable Throwable fault) {
        if (fault instanceof ServerUnavailable known) {
            return known;
        }
        Throwable root = fault == null ? new IllegalStateException("no cause") : McpError.findRootCause(fault);
        String said = String.valueOf(root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage());
        return new ServerUnavailable("It cannot be talked to: " + ServerText.shown(said));
    }

    private void askForTools(StopSignal stop) throws ServerUnavailable, Stopped {
        toolsChanged = false;
        try {
            tools = listed(stop);
        } catch (ServerUnavailable | Stopped | RuntimeException e) {
            toolsChanged = true;
            throw e;
        }
    }

    private Map<String, ServerTool> listed(StopSignal stop) throws ServerUnavailable, Stopped {
        long begin = System.nanoTime();
        Map<String, ServerTool> listed = new LinkedHashMap<>();
        String cursor = McpSchema.FIRST_PAGE;
        for (int page = 0; page < MAX_PAGES && listed.size() < MAX_TOOLS; page++) {
            CompletableFuture<ListToolsResult> answer = await(client.listTools(cursor));
            stop.whenStopped(() -> answer.completeExceptionally(new Stopped()));
            Duration left = times.start().minusNanos(System.nanoTime() - begin);
            ListToolsResult result = get(answer, left, times.start());
            for (McpSchema.Tool tool : result.tools()) {
                if (listed.size() < MAX_TOOLS) {
                    ServerTool.of(tool, json).ifPresent(it -> listed.putIfAbsent(it.name(), it));
                }
            }
            cursor = result.nextCursor();
            if (cursor == null || cursor.isEmpty()) {
                break;
            }
        }
        if (cursor != null && !cursor.isEmpty()) {
            log.warn("The tool server {} has more tools than the {} that are known", server, listed.size());
        }
        return listed;
    }

    /** All tools, in the server's order; asked for again if the server said that they are others now. */
    Map<String, ServerTool> tools(StopSignal stop) throws ServerUnavailable, Stopped {
        if (toolsChanged) {
            askForTools(stop);
        }
        return tools;
    }

    /** A tool by its name. */
    Optional<ServerTool> tool(String name, StopSignal stop) throws ServerUnavailable, Stopped {
        return Optional.ofNullable(tools(stop).get(name));
    }

    /**
     * A call that was sent.
     *
     * @param number by which it is {@linkplain #forget forgotten} or {@linkplain #cancel canceled}; two with the same idempotency key
     *     have different ones
     */
    record Sent(long number, CompletableFuture<CallToolResult> answer) {}

    /** Sends a call. */
    Sent call(String tool, Map<String, Object> arguments, String idempotencyKey) {
        long number = lastCall.incrementAndGet();
        CompletableFuture<CallToolResult> answer =
                await(client.callTool(new CallToolRequest(tool, arguments, Map.of(IDEMPOTENCY_KEY, idempotencyKey)))
                        .contextWrite(it -> it.put(CallTransport.CALL, number)));
        calls.put(number, answer);
        return new Sent(number, answer);
    }

    void forget(long call) {
        calls.remove(call);
        transport.forget(call);
    }

    /** What the failure of a request says of the others. */
    ServerLink.Fault fault(Throwable fault) {
        return link.fault(fault);
    }

    /** Whether the server itself answered, with an error. */
    static boolean isAnswer(@Nullable Throwable fault) {
        return fault instanceof McpError error && error.getJsonRpcError() != null;
    }

    /** Tells the server that nobody waits for this call any more, and sees whether it is still there. */
    void cancel(long call, String why) {
        calls.remove(call);
        var _ = transport
                .cancel(call, why)
                .contextWrite(it -> it.put(McpAsyncClient.NEGOTIATED_PROTOCOL_VERSION, protocolVersion))
                .subscribe(_ -> {}, fault -> log.debug("The tool server {} was not told of a cancel", server, fault));
        if (!hasEnded() && pinging.compareAndSet(false, true)) {
            Thread.ofVirtual().name("mcp-ping-" + server).start(this::ping);
        }
    }

    private void ping() {
        try {
            Object _ = await(client.ping()).get(times.answer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            boolean answered = isAnswer(e.getCause())
                    || (e.getCause() != null && fault(e.getCause()) != ServerLink.Fault.OF_SESSION);
            if (!answered) {
                end(ServerEnd.UNRESPONSIVE, NOT_BACK);
            }
        } catch (TimeoutException e) {
            end(ServerEnd.UNRESPONSIVE, NOT_BACK);
        } finally {
            pinging.set(false);
        }
    }
}
