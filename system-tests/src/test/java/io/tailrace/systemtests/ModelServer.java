package io.tailrace.systemtests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/**
 * A server of models on the loopback interface, in the format of OpenAI's Chat Completions: what it answers depends on
 * the user's last words, and it remembers what it was sent. Safe from any thread.
 */
final class ModelServer implements AutoCloseable {
    /** The value of the variable {@value #KEY_VARIABLE}, which no event and no log may have. */
    static final String KEY = "sk-local-4711-do-not-show-this-one";

    static final String KEY_VARIABLE = "MODEL_SERVER_KEY";

    /** The variable of the provider {@code keyless}, which nobody sets. */
    static final String ABSENT_VARIABLE = "NO_SUCH_MODEL_SERVER_KEY";

    /** Words that make it answer 429, with the credential in the message, the first time that it gets them. */
    static final String REFUSE_ONCE = "refuse once";

    /** Words that make it say one word, and then nothing more until the connection is closed. */
    static final String STALL = "stall";

    private final HttpServer server;
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    private ModelServer(HttpServer server) {
        this.server = server;
    }

    static ModelServer start() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ModelServer models = new ModelServer(http);
        http.createContext("/v1/chat/completions", models::answer);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
        return models;
    }

    /** A providers file with this server's models and some others. */
    Path providersFile(Path folder) throws IOException {
        String file =
                """
                providers:
                  - id: local
                    family: openai
                    base_url: http://127.0.0.1:%d/v1
                    credential_env: %s
                    models:
                      - {id: usual, context_window_tokens: 32000, max_output_tokens: 1000, capabilities: [streaming]}
                      - {id: small, context_window_tokens: 400, max_output_tokens: 100, capabilities: [streaming]}
                  - id: keyed
                    family: openai
                    base_url: http://127.0.0.1:9/v1
                    credential_env: %s
                    models:
                      - {id: m, context_window_tokens: 32000, max_output_tokens: 8000,
                         defaults: {temperature: 0.2}, capabilities: [tools, streaming]}
                  - id: keyless
                    family: anthropic
                    credential_env: %s
                    models:
                      - {id: m, context_window_tokens: 32000, max_output_tokens: 1000, capabilities: [streaming]}
                """.formatted(server.getAddress().getPort(), KEY_VARIABLE, SharedStack.KEY_VARIABLE, ABSENT_VARIABLE);
        return Files.writeString(folder.resolve("providers.yaml"), file);
    }

    /** The messages of the requests whose last message has these words, the oldest first. */
    List<JsonNode> sent(String words) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode request : requests) {
            if (lastWords(request).contains(words)) {
                found.add(request.get("messages"));
            }
        }
        return found;
    }

    private static String lastWords(JsonNode request) {
        JsonNode messages = request.get("messages");
        return messages.get(messages.size() - 1).get("content").asString();
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode request = Gateway.JSON.readTree(exchange.getRequestBody().readAllBytes());
        requests.add(request);
        String words = lastWords(request);
        if (words.contains(REFUSE_ONCE) && refused.add(words)) {
            refuse(exchange);
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            if (words.contains(STALL)) {
                say(out, "one ");
                stall(out);
            }
            if (words.startsWith("Sum up our conversation")) {
                say(out, "They spoke of numbers.");
            } else {
                say(out, "You said: ");
                say(out, words);
            }
            send(out, Map.of("choices", List.of(Map.of("index", 0, "delta", Map.of(), "finish_reason", "stop"))));
            send(out, Map.of("choices", List.of(), "usage", Map.of("prompt_tokens", 70, "completion_tokens", 9)));
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void refuse(HttpExchange exchange) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        byte[] body = Gateway.JSON.writeValueAsBytes(
                Map.of("error", Map.of("type", "rate_limit_error", "message", "Not so fast, " + authorization)));
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.getResponseHeaders().add("Retry-After", "7");
        exchange.sendResponseHeaders(429, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static void say(OutputStream out, String text) {
        send(out, Map.of("choices", List.of(Map.of("index", 0, "delta", Map.of("content", text)))));
    }

    private static void send(OutputStream out, Map<String, ?> chunk) {
        try {
            out.write(("data: " + Gateway.JSON.writeValueAsString(chunk) + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Comments keep nobody waiting for longer than the worker does; a write fails when the other side is gone. */
    private static void stall(OutputStream out) throws IOException {
        for (int i = 0; i < 600; i++) {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
