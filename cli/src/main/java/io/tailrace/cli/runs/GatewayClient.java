package io.tailrace.cli.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.cli.sse.ResumingStream;
import io.tailrace.cli.sse.SseFrame;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The canonical HTTP API of one gateway. Safe from any thread; every call blocks. */
public final class GatewayClient implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SILENCE = Duration.ofSeconds(45);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ObjectMapper json = new ObjectMapper();
    private final URI gateway;

    public GatewayClient(URI gateway) {
        this.gateway = gateway;
    }

    /** The gateway. */
    public URI address() {
        return gateway;
    }

    /** Creates a run; gives its id. */
    public String create(JsonNode request, Optional<String> idempotencyKey) {
        HttpRequest.Builder post = request("/v1/runs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request.toString()));
        idempotencyKey.ifPresent(key -> post.header("Idempotency-Key", key));
        HttpResponse<String> response = send(post, HttpResponse.BodyHandlers.ofString());
        require(response.statusCode() / 100 == 2, response.statusCode(), response.body());
        return runId(response);
    }

    /** The body names it, except when the gateway could not wait for the decision (202). */
    private String runId(HttpResponse<String> response) {
        String location = response.headers().firstValue("Location").orElse("");
        String path = location.isEmpty() ? "" : URI.create(location).getPath();
        String fromLocation = path.substring(path.lastIndexOf('/') + 1);
        String fromBody = response.body().isBlank()
                ? ""
                : parse(response.body()).path("run_id").asText("");
        if (fromBody.isEmpty() && fromLocation.isEmpty()) {
            throw new GatewayFailure("The gateway accepted the run but did not name it");
        }
        return fromBody.isEmpty() ? fromLocation : fromBody;
    }

    /** The run as it is now. */
    public JsonNode run(String id) {
        HttpResponse<String> response = send(request(path(id)), HttpResponse.BodyHandlers.ofString());
        require(response.statusCode() == 200, response.statusCode(), response.body());
        return parse(response.body());
    }

    /** Asks for the run's cancellation; gives the run as it is then. */
    public JsonNode cancel(String id) {
        HttpRequest.Builder post = request(path(id) + "/cancel").POST(HttpRequest.BodyPublishers.noBody());
        HttpResponse<String> response = send(post, HttpResponse.BodyHandlers.ofString());
        require(response.statusCode() / 100 == 2, response.statusCode(), response.body());
        return response.body().isBlank() ? json.createObjectNode() : parse(response.body());
    }

    /**
     * Says whether a tool may be called; gives the question with the answer.
     *
     * @param reason what the model is told if it may not
     */
    public JsonNode decide(String run, String approval, boolean approved, Optional<String> reason) {
        ObjectNode body = json.createObjectNode();
        reason.ifPresent(it -> body.put("reason", it));
        String place = path(run) + "/approvals/" + URLEncoder.encode(approval, StandardCharsets.UTF_8)
                + (approved ? "/approve" : "/deny");
        return answered(request(place)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    /**
     * Submits a turn to a chat; gives it as it was decided, or as far as is known.
     *
     * @param idempotencyKey makes repeating it safe
     */
    public JsonNode submitTurn(String run, JsonNode turn, String idempotencyKey) {
        HttpRequest.Builder post = request(path(run) + "/turns")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(HttpRequest.BodyPublishers.ofString(turn.toString()));
        return answered(post);
    }

    /** Asks for a turn's end. */
    public JsonNode cancelTurn(String run, String turn) {
        String place = path(run) + "/turns/" + URLEncoder.encode(turn, StandardCharsets.UTF_8) + "/cancel";
        return answered(request(place).POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** Takes no more turns: what is accepted is answered, and then the chat ends. */
    public JsonNode closeChat(String run) {
        return answered(request(path(run) + "/close").POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** A page of the conversation; {@code after} is the {@code next_after} of the page before. */
    public JsonNode messages(String run, Optional<String> after) {
        String query = after.map(it -> "?after=" + URLEncoder.encode(it, StandardCharsets.UTF_8))
                .orElse("");
        return answered(request(path(run) + "/messages" + query));
    }

    /** The catalogue of providers. */
    public JsonNode providers() {
        return answered(request("/v1/providers"));
    }

    /** Makes a repository of knowledge, if it is not there; gives it. */
    public JsonNode makeRepository(String workspace, String repository, JsonNode settings) {
        return answered(request(repositoryPath(repository, "", workspace))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(settings.toString())));
    }

    /** Stores a document; gives what became of it. */
    public JsonNode storeDocument(
            String workspace, String repository, String document, String mediaType, byte[] bytes) {
        return answered(request(repositoryPath(repository, "/documents/" + document, workspace))
                .header("Content-Type", mediaType)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes)));
    }

    /**
     * Searches a repository.
     *
     * @param mode {@code keyword}, {@code vector} or {@code hybrid}; without one the gateway chooses
     */
    public JsonNode search(String workspace, String repository, String question, Optional<String> mode, int limit) {
        String query = "&limit=" + limit + "&q=" + encoded(question)
                + mode.map(it -> "&mode=" + encoded(it)).orElse("");
        return answered(request(repositoryPath(repository, "/search", workspace) + query));
    }

    private static String repositoryPath(String repository, String rest, String workspace) {
        return "/v1/repositories/" + encoded(repository) + rest + "?workspace=" + encoded(workspace);
    }

    /** The assistants of a workspace. */
    public JsonNode assistants(String workspace) {
        return answered(request("/v1/assistants?workspace=" + encoded(workspace)));
    }

    /** An assistant, or a version of it: {@code name@3}. */
    public JsonNode assistant(String workspace, String name) {
        return answered(request(assistantPath(workspace, name, "")));
    }

    /** Stores an assistant's definition; gives what is stored, with warnings. */
    public JsonNode putAssistant(String workspace, String name, JsonNode definition) {
        return answered(request(assistantPath(workspace, name, ""))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(definition.toString())));
    }

    /** Deletes an assistant in all its versions. */
    public void deleteAssistant(String workspace, String name) {
        JsonNode _ = answered(request(assistantPath(workspace, name, "")).DELETE());
    }

    /** What a run of an assistant with these inputs would ask. */
    public JsonNode checkAssistant(String workspace, String name, JsonNode inputs) {
        JsonNode body = json.createObjectNode().set("inputs", inputs);
        return answered(request(assistantPath(workspace, name, "/check"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private static String assistantPath(String workspace, String name, String rest) {
        return "/v1/assistants/" + encoded(name) + rest + "?workspace=" + encoded(workspace);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private JsonNode answered(HttpRequest.Builder request) {
        HttpResponse<String> response = send(request, HttpResponse.BodyHandlers.ofString());
        require(response.statusCode() / 100 == 2, response.statusCode(), response.body());
        return parse(response.body());
    }

    /** All events of the run that are there now, one by one, in order. */
    public void download(String id, Consumer<JsonNode> reader) {
        HttpRequest.Builder get = request(path(id) + "/events").setHeader("Accept", "application/x-ndjson");
        HttpResponse<Stream<String>> response = send(get, HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            require(response.statusCode() == 200, response.statusCode(), "");
            lines.filter(line -> !line.isBlank()).map(this::parse).forEach(reader);
        }
    }

    /** The run's events from the beginning, or after a cursor. */
    public ResumingStream stream(String id, Optional<String> cursor) {
        return new ResumingStream(http, gateway.resolve(path(id) + "/stream"), cursor, SILENCE, PATIENCE);
    }

    private static String path(String id) {
        return "/v1/runs/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(gateway.resolve(path))
                .timeout(LIMIT)
                .header("Accept", "application/json, application/problem+json");
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request.build(), handler);
        } catch (ConnectException nobody) {
            throw new GatewayFailure(
                    "No gateway answers at " + gateway
                            + ". Start one with 'tailrace up', or name another with --gateway",
                    nobody);
        } catch (IOException lost) {
            throw new GatewayFailure("The gateway at " + gateway + " did not answer: " + lost, lost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new GatewayFailure("interrupted", interrupted);
        }
    }

    private static void require(boolean good, int status, String body) {
        if (!good) {
            throw new GatewayFailure(ProblemText.of(status, body));
        }
    }

    /** What a frame of a run's stream says. */
    public RunFrame read(SseFrame frame) {
        return new RunFrame(frame.event(), parse(frame.data()));
    }

    private JsonNode parse(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException notJson) {
            throw new GatewayFailure("The gateway at " + gateway + " answered something that is not JSON", notJson);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
