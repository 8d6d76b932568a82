package io.tailrace.turn.tool.mcp;

import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpTransportException;
import io.modelcontextprotocol.spec.McpTransportSessionClosedException;
import io.modelcontextprotocol.spec.McpTransportSessionNotFoundException;
import io.tailrace.turn.tool.AddressLookup;
import io.tailrace.turn.tool.PublicAddresses;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Requests to one URL. Follows no redirect, so that headers with secrets go nowhere else. */
final class HttpLink implements ServerLink {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int MAX_CAUSES = 20;

    /** How the SDK's fault begins; it has no class of its own. */
    private static final String TOO_LONG = "Inbound response body exceeds the maximum allowed size";

    private final McpClientTransport transport;

    private HttpLink(McpClientTransport transport) {
        this.transport = transport;
    }

    /**
     * Connects to nothing yet.
     *
     * @param worker the worker's environment, which has the values of headers
     */
    static HttpLink open(
            ServerDefinition.Http definition, Map<String, String> worker, McpJsonMapper json, AddressLookup lookup)
            throws ServerUnavailable {
        URI url = definition.url();
        if ("http".equalsIgnoreCase(url.getScheme())) {
            requireNotPublic(url.getHost(), lookup);
        }
        Map<String, String> headers = new HashMap<>();
        for (Map.Entry<String, String> header : definition.headers().entrySet()) {
            String value = worker.getOrDefault(header.getValue(), "").strip();
            if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                throw new ServerUnavailable(
                        "The variable " + header.getValue() + " has characters that no header can have.");
            }
            headers.put(header.getKey(), value);
        }
        String path = Optional.ofNullable(url.getRawPath())
                .filter(it -> !it.isEmpty())
                .orElse("/");
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return new HttpLink(HttpClientStreamableHttpTransport.builder(url.getScheme() + "://" + url.getRawAuthority())
                .endpoint(path + query)
                .jsonMapper(json)
                .connectTimeout(CONNECT)
                .customizeClient(client -> client.followRedirects(HttpClient.Redirect.NEVER))
                .addHttpRequestCustomizer((request, _, _, _, _) -> headers.forEach(request::setHeader))
                .maxResponseSize(StdioTransport.MAX_LINE_BYTES)
                .openConnectionOnStartup(false)
                .build());
    }

    private static void requireNotPublic(String host, AddressLookup lookup) throws ServerUnavailable {
        InetAddress[] addresses;
        try {
            addresses = lookup.find(host);
        } catch (UnknownHostException e) {
            throw new ServerUnavailable("There is no host " + host + ".");
        }
        if (Stream.of(addresses).anyMatch(PublicAddresses::has)) {
            throw new ServerUnavailable("The host " + host + " has a public address; such a server needs https.");
        }
    }

    @Override
    public McpClientTransport transport() {
        return transport;
    }

    /** Each request finds out for itself. */
    @Override
    public void whenBroken(BiConsumer<ServerEnd, String> listener) {}

    /** The transport fails the request itself. */
    @Override
    public void whenTooLong(Consumer<String> listener) {}

    /** Each request is one of its own, unless nobody is there or the server no longer knows the session. */
    @Override
    public Fault fault(Throwable fault) {
        @Nullable Throwable each = fault;
        for (int depth = 0; each != null && depth < MAX_CAUSES; depth++) {
            switch (each) {
                case McpTransportSessionNotFoundException _,
                        McpTransportSessionClosedException _,
                        ConnectException _,
                        HttpConnectTimeoutException _ -> {
                    return Fault.OF_SESSION;
                }
                case McpTransportException e
                when String.valueOf(e.getMessage()).startsWith(TOO_LONG) -> {
                    return Fault.TOO_LONG;
                }
                default -> each = each.getCause();
            }
        }
        return Fault.OF_REQUEST;
    }

    /** Its requests end with the session. */
    @Override
    public void close() {}
}
