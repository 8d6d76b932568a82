package io.tailrace.systemtests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One SSE connection, read by the letter of the standard into frames. Frames may be looked at from any thread. */
final class EventStream implements AutoCloseable {

    /** A frame. {@code lastEventId} is what a client would send back after it. */
    record Frame(String event, String lastEventId, String data) {
        JsonNode json() {
            return Gateway.JSON.readTree(data);
        }

        boolean isNumbered() {
            return !event.startsWith("stream.") && !event.equals("run.notice");
        }

        long sequence() {
            return json().get("sequence").asLong();
        }
    }

    private final HttpResponse<InputStream> response;
    private final HttpClient client;
    private final List<Frame> frames = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final String lastEventId;

    private EventStream(HttpClient client, HttpResponse<InputStream> response, String lastEventId) {
        this.client = client;
        this.response = response;
        this.lastEventId = lastEventId;
        Thread.ofVirtual().name("sse").start(this::read);
    }

    static EventStream open(Gateway gateway, String path, String lastEventId) {
        return open(HttpRequest.newBuilder(gateway.uri(path)), lastEventId);
    }

    /** A stream that is the answer to a POST of JSON. */
    static EventStream post(Gateway gateway, String path, String json, String lastEventId) {
        return open(
                HttpRequest.newBuilder(gateway.uri(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)),
                lastEventId);
    }

    private static EventStream open(HttpRequest.Builder request, String lastEventId) {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        request.header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            return new EventStream(client, client.send(request.build(), BodyHandlers.ofInputStream()), lastEventId);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The path that the answer's Location header names. */
    String location() {
        return response.headers().firstValue("Location").orElseThrow();
    }

    int statusCode() {
        return response.statusCode();
    }

    private void read() {
        try (BufferedReader lines = lines(response.body())) {
            read(lines, lastEventId, this::add);
        } catch (IOException cut) {
            // The connection is over; what was read stays.
        } finally {
            closed.countDown();
        }
    }

    /** The frames of a stream that was stored as it came. */
    static List<Frame> parse(InputStream stored) throws IOException {
        List<Frame> frames = new ArrayList<>();
        try (BufferedReader lines = lines(stored)) {
            read(lines, "", frames::add);
        }
        return frames;
    }

    private static BufferedReader lines(InputStream bytes) {
        return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    }

    private static void read(BufferedReader lines, String firstId, Consumer<Frame> taken) throws IOException {
        String id = firstId;
        String event = "message";
        StringBuilder data = new StringBuilder();
        @Nullable String line;
        while ((line = lines.readLine()) != null) {
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    taken.accept(new Frame(event, id, data.substring(0, data.length() - 1)));
                }
                event = "message";
                data.setLength(0);
            } else if (line.startsWith("event:")) {
                event = value(line);
            } else if (line.startsWith("id:")) {
                id = value(line);
            } else if (line.startsWith("data:")) {
                data.append(value(line)).append('\n');
            }
        }
    }

    private static String value(String line) {
        String value = line.substring(line.indexOf(':') + 1);
        return value.startsWith(" ") ? value.substring(1) : value;
    }

    private void add(Frame frame) {
        synchronized (frames) {
            frames.add(frame);
        }
    }

    List<Frame> frames() {
        synchronized (frames) {
            return List.copyOf(frames);
        }
    }

    /** The frames that have a place in the run's order. */
    List<Frame> numbered() {
        return frames().stream().filter(Frame::isNumbered).toList();
    }

    List<JsonNode> events() {
        return numbered().stream().map(Frame::json).toList();
    }

    /** What a client would send to resume now. */
    String lastEventId() {
        List<Frame> seen = frames();
        return seen.getLast().lastEventId();
    }

    Optional<Frame> find(Predicate<Frame> wanted) {
        return frames().stream().filter(wanted).findFirst();
    }

    Frame await(Predicate<Frame> wanted, Duration within) {
        Awaitility.await("a frame")
                .atMost(within)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> find(wanted).isPresent() || isOver());
        return find(wanted)
                .orElseThrow(() -> new AssertionError("the stream ended without the frame; it had " + summary()));
    }

    Frame await(String event, Duration within) {
        return await(it -> it.event().equals(event), within);
    }

    Frame awaitLine(String text, Duration within) {
        return await(it -> it.event().equals("console.line") && it.data().contains(text), within);
    }

    EventStream awaitEnd(Duration within) {
        await("stream.end", within);
        return this;
    }

    /** Waits until the server has closed the connection. */
    void awaitOver(Duration within) {
        Awaitility.await("end of connection").atMost(within).until(this::isOver);
    }

    private boolean isOver() {
        return closed.getCount() == 0;
    }

    /** Like {@link #awaitOver}; false when it goes on. */
    boolean awaitClosed(Duration within) throws InterruptedException {
        return closed.await(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    String summary() {
        List<String> names = new ArrayList<>();
        for (Frame frame : frames()) {
            names.add(frame.event());
        }
        return names.size() > 60
                ? names.subList(names.size() - 60, names.size()).toString()
                : names.toString();
    }

    /** Cuts the connection from the client's side. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
