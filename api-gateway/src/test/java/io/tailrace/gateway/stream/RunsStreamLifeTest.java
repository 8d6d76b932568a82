package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.access.AccessPolicy;
import io.tailrace.gateway.access.Caller;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.stream.SseClient.Frame;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.Book;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How streams of several runs live and end: as those of one. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
class RunsStreamLifeTest {
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

    private static String path(Book... books) {
        StringBuilder path = new StringBuilder("/v1/streams?");
        for (Book book : books) {
            path.append("run=").append(book.run()).append('&');
        }
        return path.substring(0, path.length() - 1);
    }

    private SseClient open(String path, String... headers) throws Exception {
        return new SseClient(gateway.uri(path), headers);
    }

    @Test
    void aQuietStreamHasHeartbeats() throws Exception {
        gateway = TestGateway.start("tailrace.gateway.stream.heartbeat=200ms");
        try (SseClient client = open(path(Book.begun(log), Book.begun(log)))) {
            client.awaitEvents(8).await(it -> it.comments() >= 3);
            assertThat(gateway.watchers()).isEqualTo(1);
        }
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> gateway.watchers() == 0);
    }

    @Test
    void aClientIsToldFirstHowLongToWaitBeforeItConnectsAgain() throws Exception {
        gateway = TestGateway.start("tailrace.gateway.stream.retry=250ms");
        try (SseClient client = open(path(Book.begun(log), Book.begun(log))).awaitEvents(8)) {
            assertThat(client.retries()).containsExactly("250");
            assertThat(client.frames().getFirst().event()).isEqualTo("stream.open");
        }
    }

    @Test
    void anOldStreamEndsAndItsClientGoesOnWithoutALoss() throws Exception {
        gateway = TestGateway.start("tailrace.gateway.stream.max-age=1s");
        Book one = Book.begun(log);
        Book other = Book.begun(log);
        List<String> seen = new ArrayList<>();
        String last = "";
        int rotations = 0;
        while (rotations < 3 || seen.size() < one.sequence() + other.sequence()) {
            try (SseClient client =
                    last.isEmpty() ? open(path(one, other)) : open(path(one, other), "Last-Event-ID", last)) {
                if (rotations++ < 3) {
                    one.lines(3);
                    other.lines(2);
                }
                client.awaitOver();
                assertThat(client.frames()).noneMatch(it -> it.event().equals("stream.end"));
                assertThat(client.retries()).hasSize(2);
                assertThat(Integer.parseInt(client.retries().getLast())).isLessThan(1000);
                client.events().forEach(it -> seen.add(it.get("event_id").asString()));
                last = client.frames().getLast().lastEventId();
            }
        }
        assertThat(seen).doesNotHaveDuplicates().hasSize((int) (one.sequence() + other.sequence()));
    }

    @Test
    void aGatewayThatShutsDownEndsItsStreamsSoon() throws Exception {
        gateway = TestGateway.start("spring.lifecycle.timeout-per-shutdown-phase=5m");
        try (SseClient client = open(path(Book.begun(log), Book.begun(log))).awaitEvents(8)) {
            long began = System.nanoTime();
            gateway.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMinutes(1));
            client.awaitOver();
            assertThat(client.frames()).noneMatch(it -> it.event().equals("stream.end"));
            assertThat(client.retries()).hasSize(2).last().isEqualTo("100");
        }
        gateway = TestGateway.start();
    }

    @Test
    void whoFindsNoRoomIsToldToComeAgainAndNotRefused() throws Exception {
        gateway = TestGateway.start("tailrace.gateway.stream.max-connections=1");
        Book book = Book.begun(log);
        try (SseClient one = open(path(book, Book.begun(log))).awaitEvents(8)) {
            Answer told = gateway.get(path(book));
            assertThat(told.status()).isEqualTo(200);
            assertThat(told.header("content-type")).contains("text/event-stream");
            assertThat(told.body()).matches(":\nretry: \\d+\n");
            Refusal.check(gateway.get(path(book) + "&run=r-0123456789abcdef"), 404, "unknown_run", "");
            Refusal.check(gateway.get(path(book) + "&cursor=x"), 400, "malformed_cursor", "cursor");
            assertThat(one.status()).isEqualTo(200);
        }
    }

    @Test
    void aSlowClientIsKeptAndItsRunsTakeTurns() throws Exception {
        gateway = TestGateway.start("server.jetty.connection-idle-timeout=4s");
        Book one = Book.begun(log);
        Book other = Book.begun(log);
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(32 * 1024);
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()), 2_000);
            slow.getOutputStream()
                    .write(("GET " + path(one, other) + " HTTP/1.1\r\nHost: 127.0.0.1:" + gateway.port() + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> gateway.watchers() == 1);
            for (int i = 0; i < 60; i++) {
                one.line("x".repeat(60_000));
                other.line("y".repeat(60_000));
            }
            one.complete().finishStage().completeRun();
            other.complete().finishStage().completeRun();
            InputStream in = slow.getInputStream();
            StringBuilder all = new StringBuilder();
            byte[] sip = new byte[64 * 1024];
            while (all.indexOf("event: stream.end", Math.max(0, all.length() - 70_000)) < 0) {
                int count = in.read(sip);
                assertThat(count).isPositive();
                all.append(new String(sip, 0, count, StandardCharsets.ISO_8859_1));
                Thread.sleep(5);
            }
            assertThat(all.indexOf("y".repeat(10_000))).isLessThan(all.lastIndexOf("x".repeat(10_000)));
            assertThat(all.indexOf("x".repeat(10_000))).isLessThan(all.lastIndexOf("y".repeat(10_000)));
        }
    }

    @Test
    void aRunThatIsNotDecidedHoldsUpNoOtherAndComesWhenItIs() throws Exception {
        gateway = TestGateway.start(
                "tailrace.gateway.commands.decide-within=300ms", "tailrace.gateway.decisions.stalled-after=500ms");
        try (ScriptedCoordinator coordinator =
                new ScriptedCoordinator(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS)) {
            coordinator.holdBack(true);
            Answer accepted = gateway.post("/v1/runs", """
                    {"workspace":"demo","plan":[{"step":"build","recipe":"commands","definition":"hello"}]}""");
            assertThat(accepted.status()).isEqualTo(202);
            RunId undecided = new RunId(accepted.text("run_id"));
            Book book = Book.begun(log);
            try (SseClient client = open(path(book) + "&run=" + undecided)) {
                client.awaitEvents(4);
                book.line("live");
                client.awaitEvents(5);
                String before = client.frames().getLast().id();

                coordinator.holdBack(false);
                Book decided = new Book(log, undecided).create();

                client.await(it -> it.events().stream()
                        .anyMatch(event -> event.get("run_id").asString().equals(undecided.value())));
                try (SseClient again = open(path(book) + "&run=" + undecided, "Last-Event-ID", before)) {
                    Frame first = again.awaitEvents(1).numbered().getFirst();
                    assertThat(first.json().get("run_id").asString()).isEqualTo(undecided.value());
                    assertThat(first.json().get("sequence").asLong()).isEqualTo(1);
                    assertThat(decided.sequence()).isEqualTo(2);
                }
            }
        }
    }

    /** Lets nobody see runs whose id begins with x. */
    @Configuration(proxyBeanMethods = false)
    static class Policy {
        @Bean
        AccessPolicy policy() {
            return request -> {
                if (request.getRequestURI().startsWith("/v1/runs/x-")) {
                    throw RunProblem.forbidden("this run is none of yours");
                }
                return Caller.ANYBODY;
            };
        }
    }

    @Test
    void whoMayNotHaveARunsStreamDoesNotGetItAmongOthers() {
        gateway = TestGateway.startWith(Policy.class);
        // Runs that have ended: a stream that is not refused ends too.
        Book mine = Book.begun(log).complete().finishStage().completeRun();
        Book other = new Book(log, new RunId("x-" + mine.run().value().substring(2)))
                .create()
                .requestStage()
                .claim()
                .complete()
                .finishStage()
                .completeRun();
        log.publish(other.view());
        Refusal.check(gateway.get("/v1/runs/" + other.run() + "/stream"), 403, "forbidden", "");
        Refusal.check(gateway.get(path(mine, other)), 403, "forbidden", "");
        assertThat(gateway.send("HEAD", path(mine), "").status()).isEqualTo(200);
    }
}
