package io.tailrace.turn.tool.mcp;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * A transport that knows under which ids calls were sent, so that they can be canceled at the server, and keeps notifications from the
 * client: nobody here has a use for them, and some would make it ask again. Safe from any thread.
 */
final class CallTransport implements McpClientTransport {
    /** Whose value in a request's context is a call's number, a {@link Long}. */
    static final String CALL = "io.tailrace/call";

    private final McpClientTransport transport;
    private final Runnable toolsChanged;
    private final Map<Long, Object> ids = new ConcurrentHashMap<>();

    /** @param toolsChanged called when the server says that its tools are others now; must not block */
    CallTransport(McpClientTransport transport, Runnable toolsChanged) {
        this.transport = transport;
        this.toolsChanged = toolsChanged;
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        return transport.connect(incoming -> incoming.flatMap(message -> {
            if (message instanceof JSONRPCNotification notification) {
                if (McpSchema.METHOD_NOTIFICATION_TOOLS_LIST_CHANGED.equals(notification.method())) {
                    toolsChanged.run();
                }
                return Mono.empty();
            }
            return handler.apply(Mono.just(message));
        }));
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.deferContextual(context -> {
            if (message instanceof JSONRPCRequest request
                    && request.params() instanceof CallToolRequest
                    && context.getOrDefault(CALL, null) instanceof Long call) {
                ids.put(call, request.id());
            }
            return transport.sendMessage(message);
        });
    }

    /** Which call was sent under this id, if it is still waited for. */
    Optional<Long> callOf(String id) {
        return ids.entrySet().stream()
                .filter(it -> it.getValue().toString().equals(id))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Nobody waits for this call any more. */
    void forget(long call) {
        ids.remove(call);
    }

    /** Tells the server that nobody waits for this call any more; nothing if it was not sent. */
    Mono<Void> cancel(long call, String why) {
        Object id = ids.remove(call);
        return id == null
                ? Mono.empty()
                : transport.sendMessage(
                        new JSONRPCNotification("notifications/cancelled", Map.of("requestId", id, "reason", why)));
    }

    @Override
    public void setExceptionHandler(Consumer<Throwable> handler) {
        transport.setExceptionHandler(handler);
    }

    @Override
    public List<String> protocolVersions() {
        return transport.protocolVersions();
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return transport.unmarshalFrom(data, type);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return transport.closeGracefully();
    }
}
