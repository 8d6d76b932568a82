package io.tailrace.turn.tool.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.tailrace.turn.tool.CallResult;
import io.tailrace.turn.tool.ToolServers;
import io.tailrace.turn.tool.ToolServers.Described;
import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server: started when somebody needs it, kept while it is used, started anew when it has ended, after a pause if it keeps failing.
 * Safe from any thread.
 */
final class ToolServer {
    private static final Logger log = LoggerFactory.getLogger(ToolServer.class);
    private static final int TRIES = 3;

    private final ServerDefinition definition;
    private final ServerLink.Maker links;
    private final ServerTimes times;
    private final McpJsonMapper json;
    private final LongSupplier nanoTime;
    private final UnaryOperator<String> mask;
    private final ServerMetrics metrics;

    /** Guarded by this, as what follows. */
    private @Nullable CompletableFuture<ServerSession> current;

    private int failures;
    private long notBefore;
    private String lastFailure = "";
    private @Nullable ServerLink opening;
    private int notClosed;
    private boolean closed;

    /** @param mask hides secrets in what is logged; what is answered has them */
    ToolServer(
            ServerDefinition definition,
            ServerLink.Maker links,
            ServerTimes times,
            McpJsonMapper json,
            LongSupplier nanoTime,
            UnaryOperator<String> mask,
            ServerMetrics metrics) {
        this.definition = definition;
        this.links = links;
        this.times = times;
        this.json = json;
        this.nanoTime = nanoTime;
        this.mask = mask;
        this.metrics = metrics;
        this.notBefore = nanoTime.getAsLong();
    }

    String id() {
        return definition.id();
    }

    /** What is done with a session. */
    private interface Use<T> {
        T with(ServerSession session) throws ServerUnavailable, Stopped;
    }

    private <T> T use(StopSignal stop, Use<T> use) throws ServerUnavailable, Stopped {
        for (int i = 0; i < TRIES; i++) {
            ServerSession session = await(session(), stop);
            if (session.use()) {
                try {
                    return use.with(session);
                } finally {
                    session.unuse(nanoTime.getAsLong());
                }
            }
        }
        throw new ServerUnavailable("It ends each time before it can be used.");
    }

    private synchronized CompletableFuture<ServerSession> session() throws ServerUnavailable {
        if (closed) {
            throw new ServerUnavailable("The worker ends.");
        }
        CompletableFuture<ServerSession> there = current;
        if (there != null && !isOver(there)) {
            return there;
        }
        long pause = notBefore - nanoTime.getAsLong();
        if (pause > 0) {
            throw new ServerUnavailable("It failed " + failures + " times in a row and is started again in "
                    + Duration.ofNanos(pause).plusMillis(999).toSeconds() + " s. Last: " + lastFailure);
        }
        CompletableFuture<ServerSession> next = new CompletableFuture<>();
        current = next;
        notClosed++;
        Thread.ofVirtual().name("mcp-start-" + definition.id()).start(() -> start(next));
        return next;
    }

    private static boolean isOver(CompletableFuture<ServerSession> session) {
        return session.isCompletedExceptionally()
                || (session.isDone() && session.join().hasEnded());
    }

    private void start(CompletableFuture<ServerSession> next) {
        Runnable atEnd = this::oneIsClosed;
        try {
            ServerSession session = open();
            session.whenClosed(atEnd);
            atEnd = () -> {};
            metrics.started(definition.id(), true);
            if (!next.complete(session)) {
                session.end(ServerEnd.CLOSED, "The worker ends.");
            }
        } catch (ServerUnavailable e) {
            failed(e.reason());
            metrics.started(definition.id(), false);
            log.warn("The tool server {} cannot be used: {}", definition.id(), mask.apply(e.reason()));
            next.completeExceptionally(e);
        } catch (RuntimeException | Error e) {
            failed("A fault of the worker.");
            log.error("The tool server {} could not be started", definition.id(), e);
            next.completeExceptionally(new ServerUnavailable("A fault of the worker; its log has it."));
        } finally {
            atEnd.run();
        }
    }

    private ServerSession open() throws ServerUnavailable {
        ServerLink link = links.open();
        try {
            opening(link);
            return ServerSession.open(definition.id(), link, times, json, this::ended, nanoTime.getAsLong());
        } catch (RuntimeException | Error e) {
            link.close();
            throw e;
        }
    }

    /** One that is opened while this is being closed ends at once. */
    private void opening(ServerLink link) {
        boolean late;
        synchronized (this) {
            opening = link;
            late = closed;
        }
        if (late) {
            link.close();
        }
    }

    private synchronized void oneIsClosed() {
        notClosed--;
        notifyAll();
    }

    private void ended(ServerEnd why, String reason) {
        metrics.ended(definition.id(), why);
        if (why.isFailure()) {
            failed(reason);
            log.warn("The session with the tool server {} ended: {}", definition.id(), mask.apply(reason));
        } else {
            log.info("The session with the tool server {} ended: {}", definition.id(), mask.apply(reason));
        }
    }

    private synchronized void failed(String reason) {
        failures++;
        lastFailure = reason;
        notBefore = nanoTime.getAsLong() + times.pauseAfter(failures).toNanos();
    }

    private synchronized void succeeded() {
        failures = 0;
    }

    private ServerSession await(CompletableFuture<ServerSession> shared, StopSignal stop)
            throws ServerUnavailable, Stopped {
        CompletableFuture<ServerSession> own = shared.copy();
        stop.whenStopped(() -> own.completeExceptionally(new Stopped()));
        try {
            return own.get(times.start().multipliedBy(3).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ServerUnavailable("It did not start in time.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stopped();
        } catch (ExecutionException e) {
            throwIfStopped(e.getCause());
            throw ServerSession.unavailable(e.getCause());
        }
    }

    private static void throwIfStopped(@Nullable Throwable fault) throws Stopped {
        if (fault instanceof Stopped stopped) {
            throw stopped;
        }
    }

    Described describe(String tool, StopSignal stop) {
        try {
            Optional<ServerTool> found = use(stop, session -> session.tool(tool, stop));
            return found.map(ServerTool::described)
                    .orElseGet(() -> new Described.Unusable("unknown_tool", unknown(tool)));
        } catch (ServerUnavailable e) {
            return new Described.Unusable("server_unavailable", unavailable(e));
        } catch (Stopped e) {
            return new Described.Unusable("stopped", "The turn was stopped.");
        }
    }

    ToolServers.Listed list() {
        try {
            StopSignal never = new StopSignal();
            List<ToolServers.ListedTool> tools = use(
                    never,
                    session -> session.tools(never).values().stream()
                            .map(it -> new ToolServers.ListedTool(it.name(), it.description()))
                            .toList());
            return new ToolServers.Listed(definition.id(), Optional.empty(), tools);
        } catch (ServerUnavailable e) {
            return new ToolServers.Listed(definition.id(), Optional.of(e.reason()), List.of());
        } catch (Stopped e) {
            return new ToolServers.Listed(definition.id(), Optional.of("The worker ends."), List.of());
        }
    }

    /** Waits for the answer for as long as the server may take. */
    CallResult call(ToolServers.Call call, Map<String, Object> arguments, StopSignal stop) {
        try {
            return use(
                    stop,
                    session -> session.tool(call.tool(), stop).isEmpty()
                            ? CallResult.failed("unknown_tool", unknown(call.tool()))
                            : call(session, call, arguments, stop));
        } catch (ServerUnavailable e) {
            return CallResult.failed("server_unavailable", unavailable(e));
        } catch (Stopped e) {
            return CallResult.failed("stopped", "The call was ended before it had a result.");
        }
    }

    private CallResult call(
            ServerSession session, ToolServers.Call call, Map<String, Object> arguments, StopSignal stop)
            throws Stopped {
        if (stop.reason().isPresent()) {
            throw new Stopped();
        }
        ServerSession.Sent sent = session.call(call.tool(), arguments, call.idempotencyKey());
        long number = sent.number();
        CompletableFuture<CallToolResult> answer = sent.answer();
        stop.whenStopped(() -> answer.completeExceptionally(new Stopped()));
        try {
            CallToolResult result = answer.get(definition.timeout().toMillis(), TimeUnit.MILLISECONDS);
            session.forget(number);
            succeeded();
            return ServerText.result(result, json);
        } catch (TimeoutException e) {
            answer.cancel(false);
            session.cancel(number, "The call took too long.");
            return CallResult.failed(
                    "timeout",
                    "The tool server " + definition.id() + " gave no result within "
                            + definition.timeout().toMillis() + " ms.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            session.cancel(number, "The worker ends.");
            throw new Stopped();
        } catch (ExecutionException e) {
            return failure(session, number, e.getCause());
        }
    }

    private CallResult failure(ServerSession session, long number, @Nullable Throwable fault) throws Stopped {
        if (fault instanceof Stopped stopped) {
            session.cancel(number, "The call was canceled.");
            throw stopped;
        }
        session.forget(number);
        ServerLink.Fault kind = fault == null ? ServerLink.Fault.OF_SESSION : session.fault(fault);
        if (fault instanceof ServerSession.TooLong || kind == ServerLink.Fault.TOO_LONG) {
            return CallResult.failed(
                    "result_too_large",
                    "The tool's answer is longer than " + StdioTransport.MAX_LINE_BYTES + " bytes.");
        }
        if (fault instanceof McpError error && ServerSession.isAnswer(error)) {
            succeeded();
            String said = String.valueOf(error.getJsonRpcError().message());
            return CallResult.failed("tool_error", said.isBlank() ? "The server refused the call." : said);
        }
        ServerUnavailable why = ServerSession.unavailable(fault);
        if (kind == ServerLink.Fault.OF_SESSION) {
            session.end(ServerEnd.DIED, why.reason());
        }
        return CallResult.failed(
                "server_unavailable", unavailable(why) + " Whether the call took effect is not known.");
    }

    private String unknown(String tool) {
        return "The tool server " + definition.id() + " has no tool \"" + ServerText.shown(tool) + "\".";
    }

    private String unavailable(ServerUnavailable e) {
        return "The tool server " + definition.id() + " cannot be used. " + e.reason();
    }

    /** Ends the session if nobody used it for a while. */
    void endIfUnused() {
        running().ifPresent(it -> it.endIfUnused(nanoTime.getAsLong()));
    }

    boolean isRunning() {
        return running().filter(it -> !it.hasEnded()).isPresent();
    }

    private synchronized Optional<ServerSession> running() {
        return current != null && current.isDone() && !current.isCompletedExceptionally()
                ? Optional.of(current.join())
                : Optional.empty();
    }

    /** Ends it for good. Blocks until nothing of it is left, within a bound. */
    void close() {
        CompletableFuture<ServerSession> last;
        ServerLink begun;
        synchronized (this) {
            closed = true;
            last = current;
            begun = opening;
        }
        if (last == null) {
            return;
        }
        boolean whileItBegan = last.completeExceptionally(new ServerUnavailable("The worker ends."));
        if (whileItBegan && begun != null) {
            begun.close();
        }
        running().ifPresent(session -> session.end(ServerEnd.CLOSED, "The worker ends."));
        awaitClosed();
    }

    private synchronized void awaitClosed() {
        long until = nanoTime.getAsLong()
                + times.grace().multipliedBy(3).plusSeconds(10).toNanos();
        try {
            while (notClosed > 0 && until - nanoTime.getAsLong() > 0) {
                wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - nanoTime.getAsLong())));
            }
            if (notClosed > 0) {
                log.warn("The tool server {} has not ended in time", definition.id());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
