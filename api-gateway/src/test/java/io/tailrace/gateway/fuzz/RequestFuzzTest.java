package io.tailrace.gateway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.gateway.testing.RawConnection;
import io.tailrace.gateway.testing.RawConnection.RawAnswer;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Strange requests, over plain sockets, to a whole gateway. Whatever is sent: nothing is a fault of ours, an answer names
 * nothing of our insides, an error is a problem document, and the connection is as usable as the answer says.
 *
 * <p>Longer: {@code -Dtailrace.fuzz.requests=50000 -Dtailrace.fuzz.seed=7}, see docs/fuzzing.md.
 */
class RequestFuzzTest {
    private static final int REQUESTS = Integer.getInteger("tailrace.fuzz.requests", 2_000);
    private static final long SEED = Long.getLong("tailrace.fuzz.seed", 1);
    private static final int CONNECTIONS = 8;
    private static final Pattern INSIDES = Pattern.compile(
            "(?i)\\b(java|javax|jakarta|org|com)\\.[a-z]|io\\.tailrace|exception|<html|jetty|springframework|\\tat ");
    private static final String PROBLEM = "application/problem+json";

    private static TestGateway gateway;
    private static ScriptedCoordinator coordinator;
    private static RequestGenerator generator;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start("tailrace.gateway.commands.decide-within=300ms");
        coordinator = new ScriptedCoordinator(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS);
        generator = new RequestGenerator(KnownThings.makeAt(gateway));
    }

    @AfterAll
    static void stop() {
        coordinator.close();
        gateway.close();
    }

    @Test
    void whateverIsAskedTheAnswerIsOursAndGivesNothingAway() throws InterruptedException, ExecutionException {
        List<Future<List<String>>> parts = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(CONNECTIONS)) {
            for (int part = 0; part < CONNECTIONS; part++) {
                int first = part;
                parts.add(pool.submit(() -> faultsOf(first)));
            }
        }
        List<String> faults = new ArrayList<>();
        for (Future<List<String>> part : parts) {
            faults.addAll(part.get());
        }
        assertThat(faults.size())
                .as(String.join("\n\n", faults.subList(0, Math.min(10, faults.size()))))
                .isZero();
    }

    /** The faults of every eighth request from this one on. */
    private static List<String> faultsOf(int first) {
        List<String> faults = new ArrayList<>();
        for (int i = first; i < REQUESTS; i += CONNECTIONS) {
            FuzzRequest request = generator.make(SEED * 1_000_003 + i);
            try {
                if (request.framed()) {
                    askAndGoOn(request);
                } else {
                    askAndEnd(request);
                }
            } catch (IOException | AssertionError e) {
                faults.add(request + "\n → " + e);
            }
        }
        return faults;
    }

    private static void askAndGoOn(FuzzRequest request) throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            RawAnswer answer = connection.send(request.bytes()).read(request.isHead());
            check(request, answer);
            if (answer.isStream()) {
                return;
            }
            if (answer.saysClose() && request.isHead()) {
                // A URI is refused as too long before the method is known: the answer has a body then.
                return;
            }
            if (answer.saysClose()) {
                assertThat(connection.isOver())
                        .as("the end of the connection after %s", answer)
                        .isTrue();
            } else {
                checkUsable(connection, answer);
            }
        }
    }

    private static void checkUsable(RawConnection connection, RawAnswer answer) throws IOException {
        try {
            RawAnswer next = connection
                    .send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .read(false);
            // What went before comes last: it can be long.
            assertThat(next.text())
                    .as(() -> "a question for %s after %s".formatted(next, answer))
                    .isEqualTo("{\"status\":\"live\"}");
        } catch (IOException e) {
            throw new IOException("the connection is not usable, which was not said: " + answer, e);
        }
    }

    /** Nobody can say how many requests this is: each answer there is has to be right, and then the connection ends. */
    private static void askAndEnd(FuzzRequest request) throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(request.bytes()).endOutput();
            while (!connection.isOver()) {
                RawAnswer answer = connection.read(request.isHead());
                check(request, answer);
                // What is refused before its method is known has a body, also if the method was HEAD.
                if (answer.isStream() || (request.isHead() && answer.saysClose())) {
                    return;
                }
            }
        } catch (SocketException _) {
            // A refused connection is reset while more of ours comes.
        } catch (EOFException cut) {
            throw new IOException("an answer was cut off", cut);
        }
    }

    private static void check(FuzzRequest request, RawAnswer answer) {
        assertThat(answer.status()).as(answer.toString()).isNotEqualTo(500);
        if (answer.status() < 400) {
            if (!isDocument(request)) {
                assertThat(INSIDES.matcher(answer.toString()).find())
                        .as(answer.toString())
                        .isFalse();
            }
            return;
        }
        assertThat(INSIDES.matcher(answer.toString()).find())
                .as(answer.toString())
                .isFalse();
        String type = answer.header("content-type").orElse("none");
        if (type.equals("application/vnd.schemaregistry.v1+json")
                && request.path().contains("/schema-registry")) {
            return;
        }
        assertThat(type).as(answer.toString()).isEqualTo(PROBLEM);
        assertThat(answer.header("cache-control")).as(answer.toString()).hasValue("no-cache, no-store, no-transform");
        if (!request.isHead()) {
            JsonNode problem = JsonMapper.shared().readTree(answer.text());
            assertThat(problem.get("status").asInt()).isEqualTo(answer.status());
            assertThat(problem.get("type").asString())
                    .isEqualTo("urn:tailrace:problem:" + problem.get("code").asString());
        }
    }

    /** Whether what it asks for is a text that names what it likes: the page, the description, metrics, schemas. */
    private static boolean isDocument(FuzzRequest request) {
        String path = request.path();
        return path.contains("/schema-registry")
                || path.contains("openapi.yaml")
                || path.contains("/actuator/prometheus")
                || path.replaceAll("http://[a-z.]*|[?;#].*|[/.x\\s]", "").isEmpty();
    }
}
