package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One connection to a stream, read by the letter of the standard on a thread of its own. Closing it fails if there was
 * something that clients misread.
 */
final class SseClient implements AutoCloseable {
    private static final Duration BOUND = Duration.ofMinutes(1);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpResponse<InputStream> response;
    private final List<Frame> frames = new ArrayList<>();
    private final List<String> retries = new ArrayList<>();
    private final List<String> oddFrames = new ArrayList<>();
    private final Duration perFrame;
    private int comments;
    private volatile boolean over;

    /** A frame, and what the client would send back after it. */
    record Frame(String event, String data, String id, String lastEventId) {
        JsonNode json() {
            return JsonMapper.shared().readTree(data);
        }

        /** Which run it is of, where a stream has several. */
        String run() {
            return json().get("run_id").asString();
        }

        boolean isNumbered() {
            return !event.startsWith("stream.") && !event.equals("run.notice") && !event.equals("run.end");
        }
    }

    SseClient(URI uri, String... headers) throws IOException, InterruptedException {
        this(Duration.ZERO, uri, headers);
    }

    /** @param perFrame what it takes at the least to read one */
    SseClient(Duration perFrame, URI uri, String... headers) throws IOException, InterruptedException {
        this.perFrame = perFrame;
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        String last = "";
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String event = "";
            String id = "";
            List<String> data = new ArrayList<>();
            String before = "";
            for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (data.isEmpty() || !before.startsWith("id: ")) {
                        synchronized (frames) {
                            oddFrames.add(event + " with " + data + " ends with '" + before + "'");
                        }
                    }
                    if (!data.isEmpty()) {
                        synchronized (frames) {
                            frames.add(new Frame(event, String.join("\n", data), id, last));
                        }
                        Thread.sleep(perFrame);
                    }
                    event = "";
                    id = "";
                    data.clear();
                } else if (line.startsWith(":")) {
                    synchronized (frames) {
                        comments++;
                    }
                } else {
                    int colon = line.indexOf(": ");
                    String value = line.substring(colon + 2);
                    switch (line.substring(0, colon)) {
                        case "event" -> event = value;
                        case "data" -> data.add(value);
                        case "id" -> {
                            id = value;
                            last = value;
                        }
                        case "retry" -> {
                            synchronized (frames) {
                                retries.add(value);
                            }
                        }
                        default -> throw new AssertionError("no field of the standard: " + line);
                    }
                }
                before = line;
            }
        } catch (IOException _) {
            // Cut; what was read stays.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            over = true;
        }
    }

    /** Of frames of several runs the events of each, in the order in which they came. */
    static Map<String, List<String>> byRun(List<Frame> frames) {
        return frames.stream()
                .filter(Frame::isNumbered)
                .collect(Collectors.groupingBy(Frame::run, Collectors.mapping(Frame::data, Collectors.toList())));
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    List<Frame> frames() {
        synchronized (frames) {
            return List.copyOf(frames);
        }
    }

    /** What there are clients that misread: empty blocks, and frames whose last line is not their id. */
    List<String> oddFrames() {
        synchronized (frames) {
            return List.copyOf(oddFrames);
        }
    }

    List<String> retries() {
        synchronized (frames) {
            return List.copyOf(retries);
        }
    }

    int comments() {
        synchronized (frames) {
            return comments;
        }
    }

    /** The frames that have a place in the order. */
    List<Frame> numbered() {
        return frames().stream().filter(Frame::isNumbered).toList();
    }

    List<JsonNode> events() {
        return numbered().stream().map(Frame::json).toList();
    }

    SseClient await(Predicate<SseClient> condition) {
        Awaitility.await()
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(5))
                .alias("a stream that has " + names())
                .until(() -> condition.test(this));
        return this;
    }

    SseClient awaitEvents(int count) {
        return await(it -> it.numbered().size() >= count);
    }

    Frame awaitFrame(String event) {
        await(it -> it.frames().stream().anyMatch(frame -> frame.event().equals(event)));
        return frames().stream()
                .filter(it -> it.event().equals(event))
                .findFirst()
                .orElseThrow();
    }

    /** Until the server has closed the connection. */
    SseClient awaitOver() {
        return await(_ -> over);
    }

    private List<String> names() {
        return frames().stream().map(Frame::event).toList();
    }

    @Override
    public void close() {
        client.shutdownNow();
        assertThat(oddFrames()).isEmpty();
    }
}
