package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import io.tailrace.systemtests.TraceCollector.Recorded;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One run is one trace over four services, whatever dies. The services record what a client's {@code traceparent} says is
 * recorded, and nothing else.
 */
@Timeout(200)
class TraceTest {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String CLIENT = "00f067aa0ba902b7";

    private final Gateway gateway = SharedStack.gateway(1);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void aRunIsOneConnectedTraceWithTheAttemptWhoseWorkerWasKilled() throws Exception {
        String trace = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE))
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        String run = create(
                Plans.run(List.of(
                        Plans.step(
                                Plans.sh("first", "echo first=$TRACEPARENT"),
                                Plans.sh("slow", "echo attempt=$TRACEPARENT; sleep 2")),
                        Plans.prompt("explain", "What was made?", Map.of("text", "A thing.")))),
                "00-" + trace + "-" + CLIENT + "-01");
        try (EventStream stream = gateway.stream(run)) {
            Frame claimed = stream.await("attempt.started", SOON);
            stream.await(it -> it.event().equals("console.line") && it.data().contains("attempt=00-"), SOON);
            String victim = claimed.json().get("worker_id").asString();
            String name = victim.startsWith("build-worker-2") ? "build-worker-2" : "build-worker-1";
            SharedStack.member(name).kill();
            stream.awaitEnd(SOON);
            SharedStack.member(name).start();

            Awaitility.await("the run's spans")
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(whole(trace)).isTrue());

            List<Recorded> spans = SharedStack.traces().of(trace);
            assertThat(spans.stream().map(Recorded::service).collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder("api-gateway", "run-coordinator", "build-worker", "turn-worker");
            assertConnected(spans);
            Recorded lost = attempts(spans)
                    .filter(it -> victim.equals(it.attributes().get("tailrace.worker.id")))
                    .findFirst()
                    .orElseThrow();
            assertThat(lost.failed()).isTrue();
            assertThat(lost.service()).isEqualTo("run-coordinator");
            assertThat(lost.attributes()).containsEntry("error.type", "worker_lost");
            assertThat(attempts(spans).filter(it -> !it.failed())).hasSize(2);
            Recorded call = named(spans, "chat scripted-1").findFirst().orElseThrow();
            assertThat(call.attributes())
                    .containsEntry("gen_ai.operation.name", "chat")
                    .containsEntry("gen_ai.provider.name", "scripted");
            assertThat(spans)
                    .filteredOn(it -> it.id().equals(call.parent()))
                    .allMatch(it -> it.name().equals("stage.attempt"));
            // Commands of the second attempt were told the spans of their phases; those of the first below the lost
            // one.
            Set<String> phases = named(spans, "build.phase").map(Recorded::id).collect(Collectors.toSet());
            assertThat(told(stream, trace))
                    .hasSize(4)
                    .filteredOn(phases::contains)
                    .hasSizeGreaterThanOrEqualTo(2);
        }
        gateway.awaitStatus(run, "succeeded", SOON);
        assertThat(SharedStack.traces().all()).allMatch(it -> it.trace().equals(trace));
    }

    /** Everything but what died with the worker has come: the last decision is on its way with the first that follows it. */
    private static boolean whole(String trace) {
        List<Recorded> spans = SharedStack.traces().of(trace);
        return attempts(spans).count() >= 3
                && named(spans, "run.decision")
                        .anyMatch(it -> it.attributes()
                                .getOrDefault("tailrace.events", "")
                                .contains("run.completed"))
                && spans.stream().anyMatch(it -> it.service().equals("api-gateway"))
                && named(spans, "chat scripted-1").findAny().isPresent();
    }

    private static void assertConnected(List<Recorded> spans) {
        Set<String> ids = spans.stream().map(Recorded::id).collect(Collectors.toSet());
        assertThat(ids).as("each span came once").hasSameSizeAs(spans);
        assertThat(spans)
                .allSatisfy(it -> assertThat(
                                ids.contains(it.parent()) || it.parent().equals(CLIENT))
                        .as(it + " is below a span that came")
                        .isTrue());
        assertThat(spans)
                .filteredOn(it -> it.parent().equals(CLIENT))
                .allMatch(it -> it.service().equals("api-gateway"));
    }

    /** The spans that commands found in their environment. */
    private static List<String> told(EventStream stream, String trace) {
        return stream.numbered().stream()
                .filter(it -> it.event().equals("console.line"))
                .map(it -> it.json().at("/payload/text").asString())
                .filter(it -> it.contains("=00-" + trace + "-"))
                .map(it -> it.substring(it.length() - 19, it.length() - 3))
                .toList();
    }

    private static Stream<Recorded> attempts(List<Recorded> spans) {
        return named(spans, "stage.attempt");
    }

    private static Stream<Recorded> named(List<Recorded> spans, String name) {
        return spans.stream().filter(it -> it.name().equals(name));
    }

    private String create(Map<String, ?> plan, String traceparent) {
        HttpResponse<String> created = Gateway.send(HttpRequest.newBuilder(gateway.uri("/v1/runs"))
                .header("Content-Type", "application/json")
                .header("traceparent", traceparent)
                .POST(BodyPublishers.ofString(Gateway.JSON.writeValueAsString(plan)))
                .build());
        return Optional.of(created)
                .filter(it -> it.statusCode() == 201)
                .map(it -> Gateway.JSON.readTree(it.body()).get("run_id").asString())
                .orElseThrow();
    }
}
