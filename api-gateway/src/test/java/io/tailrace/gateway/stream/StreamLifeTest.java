package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.Book;
import io.tailrace.runlog.KafkaLogUnderTest;
import io.tailrace.runlog.Seen;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** How streams live and end. */
@SuppressWarnings("NullAway.Init")
class StreamLifeTest {
    private static final Pattern RETRY = Pattern.compile(":\n+retry: (\\d+)\n+");

    private KafkaLogUnderTest log;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        log = KafkaLogUnderTest.on(TestKafka.shared().bootstrapServers());
    }

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    private SseClient open(Book book, String... headers) throws Exception {
        return new SseClient(gateway.uri("/v1/runs/" + book.run() + "/stream"), headers);
    }

    @Test
    void aQuietStreamHasHeartbeats() throws Exception {
        gateway = TestGateway.start("tailrace.gateway.stream.heartbeat=200ms");
        try (SseClient client = open(Book.begun(log))) {
            client.awaitEvents(4).await(it -> it.comments() >= 3);
        }
    }

    @Test
    void anOldStreamEndsAndItsClientGoesOnWithoutALoss() throws Exception {
        gateway = TestGateway.start("tailrace.gateway.stream.max-age=1s");
        Book book = Book.begun(log);
        List<Long> seen = new ArrayList<>();
        String last = "";
        int rotations = 0;
        // On a slow machine the last lines are written when a stream is over already.
        while (rotations < 3 || seen.size() < book.expected().size()) {
            try (SseClient client = last.isEmpty() ? open(book) : open(book, "Last-Event-ID", last)) {
                if (rotations++ < 3) {
                    book.lines(3);
                }
                client.awaitOver();
                assertThat(client.retries()).hasSize(2);
                assertThat(Integer.parseInt(client.retries().getLast())).isLessThan(1000);
                client.events().forEach(it -> seen.add(it.get("sequence").asLong()));
                last = client.frames().getLast().lastEventId();
            }
        }
        assertThat(seen).isEqualTo(book.expected().stream().map(Seen::sequence).toList());
    }

    @Test
    void aGatewayThatShutsDownEndsItsStreamsSoon() throws Exception {
        gateway = TestGateway.start("spring.lifecycle.timeout-per-shutdown-phase=5m");
        Book book = Book.begun(log);
        try (SseClient client = open(book).awaitEvents(4)) {
            long began = System.nanoTime();
            gateway.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMinutes(1));
            client.awaitOver();
            assertThat(client.retries()).hasSize(2);
        }
        gateway = TestGateway.start();
    }

    @Test
    void whoFindsNoRoomIsToldToComeAgainAndNotRefused() throws Exception {
        gateway = TestGateway.start("tailrace.gateway.stream.max-connections=2");
        Book book = Book.begun(log);
        try (SseClient one = open(book).awaitEvents(4)) {
            try (SseClient other = open(book).awaitEvents(4)) {
                assertThat(one.status()).isEqualTo(other.status());
                Answer told = gateway.get("/v1/runs/" + book.run() + "/stream");
                assertThat(told.status()).isEqualTo(200);
                assertThat(told.header("content-type")).contains("text/event-stream");
                assertThat(told.header("cache-control")).contains("no-cache, no-transform");
                Matcher retry = RETRY.matcher(told.body());
                assertThat(retry.matches()).as(told.body()).isTrue();
                assertThat(Integer.parseInt(retry.group(1))).isBetween(500, 6_000);
                Refusal.check(gateway.get("/v1/runs/r-0123456789abcdef/stream"), 404, "unknown_run", "");
            }
            book.complete().finishStage().completeRun();
            one.awaitOver();
        }
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> gateway.watchers() == 0);
    }

    @Test
    @Timeout(180)
    void fiveHundredStreamsLeaveRoomForOtherRequests() throws Exception {
        gateway = TestGateway.start();
        Book book = Book.begun(log);
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                open.add(rawStream(book));
            }
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> gateway.watchers() == 500);

            assertThat(gateway.get("/actuator/health/liveness").status()).isEqualTo(200);
            book.complete().finishStage().completeRun();
            for (Socket each : open) {
                assertThat(rest(each.getInputStream())).contains("event: stream.end");
            }
        } finally {
            for (Socket each : open) {
                each.close();
            }
        }
    }

    @Test
    @Timeout(180)
    void connectionsThatComeAtTheSameMomentWaitUntilTheyAreAccepted() throws Exception {
        gateway = TestGateway.start();
        JettyWebServer server = (JettyWebServer)
                Objects.requireNonNull(((ServletWebServerApplicationContext) gateway.context()).getWebServer());
        ServerConnector connector = (ServerConnector) server.getServer().getConnectors()[0];
        List<Socket> open = new ArrayList<>();
        try {
            connector.setAccepting(false);
            for (int i = 0; i < 500; i++) {
                open.add(raw("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
            }
            connector.setAccepting(true);

            for (Socket each : open) {
                assertThat(rest(each.getInputStream())).startsWith("HTTP/1.1 200 ");
            }
        } finally {
            for (Socket each : open) {
                each.close();
            }
        }
    }

    @Test
    void aSlowClientIsKeptAndADeadOneIsNot() throws Exception {
        // Heartbeats keep a client that has caught up from being idle.
        gateway = TestGateway.start("server.jetty.connection-idle-timeout=4s", "tailrace.gateway.stream.heartbeat=1s");
        Book book = Book.begun(log);
        try (Socket dead = rawStream(book);
                Socket slow = rawStream(book)) {
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> gateway.watchers() == 2);
            // More than all the buffers in between hold.
            for (int i = 0; i < 100; i++) {
                book.line("x".repeat(60_000));
            }
            InputStream in = slow.getInputStream();
            byte[] sip = new byte[32 * 1024];
            long began = System.nanoTime();
            long twice = Duration.ofSeconds(8).toNanos();
            while (gateway.watchers() == 2 || System.nanoTime() - began < twice) {
                assertThat(in.read(sip)).isPositive();
                pause();
            }
            assertThat(gateway.watchers()).isEqualTo(1);
            book.complete().finishStage().completeRun();
            assertThat(rest(in)).contains("event: stream.end");
            assertThat(dead.isConnected()).isTrue();
        }
    }

    @Test
    void aRequestThatIsNeverFinishedIsItsClientsFault() throws Exception {
        gateway = TestGateway.start("server.jetty.connection-idle-timeout=500ms");
        try (Socket slow = raw("POST /v1/runs HTTP/1.1\r\nHost: 127.0.0.1:" + gateway.port()
                + "\r\nContent-Type: application/json\r\nContent-Length: 20000\r\n\r\n{")) {
            String answer = new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 408").contains("\"code\":\"request_timeout\"");
        }
    }

    private static void pause() throws InterruptedException {
        Thread.sleep(20);
    }

    private static String rest(InputStream in) throws IOException {
        StringBuilder tail = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            tail.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
            tail.delete(0, Math.max(0, tail.length() - 1000));
            if (tail.indexOf("stream.end") >= 0) {
                break;
            }
        }
        return tail.toString();
    }

    private Socket rawStream(Book book) throws IOException {
        return raw("GET /v1/runs/" + book.run() + "/stream HTTP/1.1\r\nHost: 127.0.0.1:" + gateway.port() + "\r\n\r\n");
    }

    private Socket raw(String request) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(32 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()), 2_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }
}
