package io.tailrace.gateway.connection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.RawConnection;
import io.tailrace.gateway.testing.RawConnection.RawAnswer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** A client has the whole answer, however much of its request it is still sending. */
class LingeringCloseTest {
    private static final int TIMES = 30;
    private static final String NEXT = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    /** What the machine may take beside what is measured. */
    private static final Duration SLACK = Duration.ofSeconds(4);

    private static TestGateway gateway;
    private static int managementPort;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(
                "management.server.port=0",
                "management.server.address=127.0.0.1",
                "tailrace.gateway.configurations.max-size=1MB",
                "tailrace.gateway.repositories.max-document=64KB");
        managementPort =
                Integer.parseInt(gateway.context().getEnvironment().getRequiredProperty("local.management.port"));
        Answer made = gateway.send("PUT", "/v1/repositories/lingering", "{}", "Content-Type", "application/json");
        assertThat(made.status()).as(made.body()).isIn(200, 201);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest(name = "{3} {2} kB of {4} to {1}{5}: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            413 | main       | 5000 | PUT    | /workspaces/w/configurations/c                | application/zip
            413 | main       | 5000 | PUT    | /v1/repositories/lingering/documents/d        | text/plain
            413 | main       | 70   | PUT    | /v1/repositories/lingering/documents/d        | text/plain
            404 | main       | 5000 | PUT    | /v1/repositories/nix/documents/d              | text/plain
            413 | main       | 5000 | POST   | /v1/runs                                      | application/json
            415 | main       | 5000 | POST   | /v1/runs                                      | text/plain
            400 | main       | 5000 | PUT    | /v1/repositories/lingering/documents/d?x=%zz  | text/plain
            404 | main       | 5000 | POST   | /nix                                          | application/json
            404 | main       | 5000 | POST   | /WEB-INF/web.xml                              | application/json
            405 | main       | 5000 | DELETE | /v1/recipes                                   | application/json
            200 | main       | 400  | GET    | /                                             | text/plain
            200 | main       | 1    | GET    | /v1/recipes                                   | text/plain
            200 | management | 400  | GET    | /actuator/health/liveness                     | text/plain
            404 | management | 5000 | POST   | /nix                                          | application/json
            """)
    void theWholeAnswerComesAndTheConnectionIsAsItSays(
            int status, String server, int kilobytes, String method, String path, String type) throws IOException {
        byte[] body = new byte[kilobytes * 1000];
        String head = "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(method, path, type, body.length);
        for (int i = 0; i < TIMES; i++) {
            check(status, server, head, body);
        }
    }

    @Test
    void theSameHoldsForChunks() throws IOException {
        byte[] body = ("186a0\r\n" + "x".repeat(100_000) + "\r\n")
                .repeat(50)
                .concat("0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        String head =
                "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (int i = 0; i < TIMES; i++) {
            check(413, "main", head.formatted("/v1/runs"), body);
            check(404, "main", head.formatted("/nix"), body);
        }
    }

    @Test
    void theSameHoldsForAHeadThatIsTooLong() throws IOException {
        byte[] headers = ("X: " + "x".repeat(1000) + "\r\n")
                .repeat(20_000)
                .concat("\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        check(431, "main", "GET /health/live HTTP/1.1\r\nHost: localhost\r\n", headers);
    }

    private static void check(int status, String server, String head, byte[] body) throws IOException {
        try (RawConnection connection = new RawConnection(server.equals("main") ? gateway.port() : managementPort)) {
            // Nothing is read before all is sent, as many clients do it.
            RawAnswer answer = connection.send(head).send(body).read(false);

            assertThat(answer.status()).as("%s", answer).isEqualTo(status);
            if (answer.saysClose()) {
                assertThat(connection.isOver()).isTrue();
            } else {
                RawAnswer next = connection.send(NEXT).read(false);
                assertThat(next.status()).as("%s", next).isEqualTo(server.equals("main") ? 200 : 404);
            }
        }
    }

    @Test
    void aClientThatReadsWhileItSendsHasTheAnswerToo() {
        for (int i = 0; i < TIMES; i++) {
            Refusal.check(
                    gateway.put("/workspaces/w/configurations/c", new byte[5_000_000]),
                    413,
                    "body_too_large",
                    Refusal.ANY);
            assertThat(gateway.get("/health/live").status()).isEqualTo(200);
        }
    }

    @Test
    void aSmallBodyThatNobodyReadDoesNotCostTheConnection() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            for (int i = 0; i < TIMES; i++) {
                RawAnswer answer = connection
                        .send("POST /nix HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
                                + "x".repeat(1000))
                        .read(false);
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.saysClose()).as("%s", answer).isFalse();
            }
        }
    }

    @Test
    void whoAsksBeforeItSendsIsNotToldToGoOn() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send("""
                    PUT /workspaces/w/configurations/c HTTP/1.1\r
                    Host: localhost\r
                    Content-Length: 5000000\r
                    Expect: 100-continue\r
                    \r
                    """);
            RawAnswer answer = connection.readAny(false);

            assertThat(answer.status()).as("%s", answer).isEqualTo(413);
            assertThat(answer.saysClose()).as("%s", answer).isTrue();
            assertThat(connection.isOver()).isTrue();
        }
    }

    @Test
    void whoAsksBeforeItSendsWhatIsReadIsToldToGoOn() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send("""
                    POST /v1/runs HTTP/1.1\r
                    Host: localhost\r
                    Content-Type: application/json\r
                    Content-Length: 2\r
                    Expect: 100-continue\r
                    \r
                    """);
            assertThat(connection.readAny(true).status()).isEqualTo(100);
            RawAnswer answer = connection.send("{}").read(false);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.saysClose()).as("%s", answer).isFalse();
            assertThat(connection.send(NEXT).read(false).status()).isEqualTo(200);
        }
    }

    @Test
    void whoSendsNothingOrAByteNowAndThenIsLetGo() throws IOException {
        String head = """
                POST /v1/runs HTTP/1.1\r
                Host: localhost\r
                Content-Type: application/json\r
                Content-Length: 99000000\r
                \r
                """;
        int before = connections();
        List<RawConnection> silent = new ArrayList<>();
        List<RawConnection> dripping = new ArrayList<>();
        try {
            long began = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                silent.add(refused(head));
                dripping.add(refused(head));
            }
            assertThat(since(began)).as("the answers came at once").isLessThan(DiscardedInput.GRACE);

            await().atMost(DiscardedInput.GRACE.plus(SLACK)).until(() -> {
                dripping.removeIf(LingeringCloseTest::isResetAtOneMoreByte);
                return connections() <= before;
            });
        } finally {
            for (RawConnection connection : silent) {
                connection.close();
            }
            for (RawConnection connection : dripping) {
                connection.close();
            }
        }
    }

    private static RawConnection refused(String head) throws IOException {
        RawConnection connection = new RawConnection(gateway.port()).send(head);
        RawAnswer answer = connection.read(false);
        assertThat(answer.status()).as("%s", answer).isEqualTo(413);
        assertThat(answer.saysClose()).as("%s", answer).isTrue();
        assertThat(connection.isOver()).isTrue();
        return connection;
    }

    private static boolean isResetAtOneMoreByte(RawConnection connection) {
        try {
            connection.send("x");
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** How many the server has. */
    private static int connections() {
        JettyWebServer server = (JettyWebServer)
                requireNonNull(((ServletWebServerApplicationContext) gateway.context()).getWebServer());
        return Stream.of(server.getServer().getConnectors())
                .mapToInt(it -> it.getConnectedEndPoints().size())
                .sum();
    }
}
