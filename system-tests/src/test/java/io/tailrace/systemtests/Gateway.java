package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One gateway's API, as any program would use it. */
final class Gateway {
    static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final URI base;

    Gateway(URI base) {
        this.base = base;
    }

    URI uri(String path) {
        return base.resolve(path);
    }

    /** The page that shows a run. */
    URI page(String run) {
        return uri("/?run=" + run);
    }

    /** Creates a run and returns its id. */
    String create(Map<String, ?> request) {
        HttpResponse<String> response = post("/v1/runs", JSON.writeValueAsString(request));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return JSON.readTree(response.body()).get("run_id").asString();
    }

    JsonNode run(String run) {
        HttpResponse<String> response = get("/v1/runs/" + run);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    String status(String run) {
        return run(run).get("status").asString();
    }

    /** Waits for this status. */
    void awaitStatus(String run, String status, Duration within) {
        Awaitility.await("status of " + run)
                .atMost(within)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(status(run)).isEqualTo(status));
    }

    HttpResponse<String> cancel(String run) {
        return post("/v1/runs/" + run + "/cancel", "");
    }

    /** All events of a run so far, by NDJSON download. */
    List<JsonNode> events(String run) {
        HttpResponse<String> response = send(HttpRequest.newBuilder(uri("/v1/runs/" + run + "/events"))
                .header("Accept", "application/x-ndjson")
                .build());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body().lines().map(JSON::readTree).toList();
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    HttpResponse<String> post(String path, String body) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(30))
                .build());
    }

    /** The same, to be repeated without doing it twice. */
    HttpResponse<String> post(String path, String body, String idempotencyKey) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(30))
                .build());
    }

    /** A PUT of any bytes. */
    HttpResponse<String> put(String path, byte[] body) {
        return send(HttpRequest.newBuilder(uri(path))
                .PUT(BodyPublishers.ofByteArray(body))
                .timeout(Duration.ofSeconds(30))
                .build());
    }

    /** A PUT that is repeated while the answer is that it can be. */
    HttpResponse<String> putUntilTaken(String path, String contentType, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", contentType)
                .PUT(BodyPublishers.ofByteArray(body))
                .timeout(Duration.ofMinutes(1))
                .build();
        return Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> send(request), it -> it.statusCode() != 503);
    }

    EventStream stream(String run) {
        return EventStream.open(this, "/v1/runs/" + run + "/stream", "");
    }

    /** Resumes after the event with this id, as an EventSource does. */
    EventStream resume(String run, String lastEventId) {
        return EventStream.open(this, "/v1/runs/" + run + "/stream", lastEventId);
    }

    static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
