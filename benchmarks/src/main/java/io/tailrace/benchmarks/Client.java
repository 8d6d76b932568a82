package io.tailrace.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain client of one gateway. Thread-safe. */
final class Client {
    private static final JsonMapper JSON = new JsonMapper();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;

    Client(URI base) {
        this.base = base;
    }

    /** What a frame's data were, with the moment at which they had arrived. */
    @FunctionalInterface
    interface Watcher {
        /** Takes a frame; false when it has had enough. */
        boolean frame(String event, String data, long arrivedNanos);
    }

    /** Creates a run of one build with one shell script as its only phase. */
    String build(String script) throws IOException, InterruptedException {
        Map<String, Object> phase = Map.of("name", "script", "argv", List.of("sh", "-c", script));
        Map<String, Object> step = Map.of("step", "build", "recipe", "commands", "phases", List.of(phase));
        return create("/v1/runs", Map.of("workspace", "benchmarks", "plan", List.of(step)))
                .get("run_id")
                .asString();
    }

    /** Creates a chat with this provider. */
    String chat(String provider) throws IOException, InterruptedException {
        return create(
                        "/v1/runs",
                        Map.of("workspace", "benchmarks", "kind", "chat", "chat", Map.of("provider", provider)))
                .get("run_id")
                .asString();
    }

    /** Submits a turn; a script may be empty. */
    void turn(String run, String text, Map<String, ?> script) throws IOException, InterruptedException {
        Map<String, Object> body = script.isEmpty() ? Map.of("text", text) : Map.of("text", text, "script", script);
        JsonNode _ = create("/v1/runs/" + run + "/turns", body);
    }

    private JsonNode create(String path, Map<String, ?> body) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                BodyHandlers.ofString());
        if (response.statusCode() != 201) {
            throw new IOException(path + " was answered " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    void cancel(String run) throws IOException, InterruptedException {
        http.send(
                HttpRequest.newBuilder(base.resolve("/v1/runs/" + run + "/cancel"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.discarding());
    }

    /**
     * Watches a run until its end, or until the watcher has had enough.
     *
     * @throws IOException also when the stream is over before that
     */
    void watch(String run, Watcher watcher) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(
                HttpRequest.newBuilder(base.resolve("/v1/runs/" + run + "/stream"))
                        .build(),
                BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8), 1 << 16)) {
            if (response.statusCode() != 200) {
                throw new IOException("the stream of " + run + " was answered " + response.statusCode() + ": "
                        + lines.readAllAsString());
            }
            String event = "";
            @Nullable String line;
            while ((line = lines.readLine()) != null) {
                if (line.startsWith("event:")) {
                    event = line.substring(6).strip();
                } else if (line.startsWith("data:")) {
                    boolean goOn = watcher.frame(event, line.substring(5), System.nanoTime());
                    if (!goOn || event.equals("stream.end")) {
                        return;
                    }
                }
            }
            throw new IOException("the stream of " + run + " was over before its end");
        }
    }

    static JsonNode json(String data) {
        return JSON.readTree(data);
    }
}
