package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** A stream as a proxy has passed it on so far, to a client that would take it compressed. */
final class PassedStream implements AutoCloseable {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpResponse<InputStream> answer;
    private final ByteArrayOutputStream passed = new ByteArrayOutputStream();

    /** Returns when the answer's header is there. */
    PassedStream(Gateway through, String path, String lastEventId) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(through.uri(path))
                .timeout(Duration.ofSeconds(60))
                .header("Accept", "text/event-stream")
                .header("Accept-Encoding", "gzip");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        answer = client.send(request.build(), BodyHandlers.ofInputStream());
        Thread.ofVirtual().name("passed").start(this::read);
    }

    private void read() {
        byte[] bytes = new byte[8192];
        try (InputStream in = answer.body()) {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                synchronized (passed) {
                    passed.write(bytes, 0, count);
                }
            }
        } catch (IOException _) {
            // The connection is over; what was read stays.
        }
    }

    int status() {
        return answer.statusCode();
    }

    String header(String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private String text() {
        synchronized (passed) {
            return passed.toString(StandardCharsets.UTF_8);
        }
    }

    List<Frame> frames() {
        try {
            return EventStream.parse(new ByteArrayInputStream(text().getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<JsonNode> events() {
        return frames().stream().filter(Frame::isNumbered).map(Frame::json).toList();
    }

    String lastEventId() {
        return frames().getLast().lastEventId();
    }

    long heartbeats() {
        return text().lines().filter(it -> it.startsWith(":")).count();
    }

    void awaitEvents(int count, Duration within) {
        Awaitility.await("events passed on")
                .atMost(within)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(events()).hasSizeGreaterThanOrEqualTo(count));
    }

    void awaitHeartbeats(long count, Duration within) {
        Awaitility.await("heartbeats passed on")
                .atMost(within)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(heartbeats()).isGreaterThanOrEqualTo(count));
    }

    void awaitFrame(String event, Duration within) {
        Awaitility.await(event)
                .atMost(within)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(
                        () -> assertThat(frames()).extracting(Frame::event).contains(event));
    }

    /** Cuts the connection from the client's side. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
