package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.gateway.stream.SseClient.Frame;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.KafkaLogUnderTest;
import io.tailrace.runlog.MixedBook;
import io.tailrace.runlog.Seen;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run that builds and asks models is streamed, resumed and shown like one that does one thing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class MixedRunTest {
    private KafkaLogUnderTest log;
    private TestGateway gateway;

    @BeforeAll
    void start() {
        log = KafkaLogUnderTest.on(TestKafka.shared().bootstrapServers());
        gateway = TestGateway.start();
    }

    @AfterAll
    void stop() {
        gateway.close();
        log.close();
    }

    private static List<String> steps(JsonNode run) {
        return run.get("steps").valueStream().map(JsonNode::toString).toList();
    }

    private static String step(String json, MixedBook book) {
        return JsonMapper.shared().readTree(json.formatted(book.run())).toString();
    }

    @Test
    void isResumedFromEveryEvent() throws Exception {
        MixedBook book = MixedBook.complete(log);
        log.publish(book.view());
        String path = "/v1/runs/" + book.run() + "/stream";
        List<Frame> whole;
        try (SseClient client = new SseClient(gateway.uri(path))) {
            client.awaitFrame("stream.end");
            whole = client.numbered();
        }
        assertThat(whole.stream().map(it -> it.json().get("sequence").asLong()))
                .isEqualTo(book.expected().stream().map(Seen::sequence).toList());
        assertThat(whole)
                .extracting(Frame::event)
                .containsSubsequence(
                        "build.completed", "turn.completed", "build.completed", "turn.completed", "run.completed");
        for (int i = 0; i < whole.size() - 1; i++) {
            try (SseClient rest = new SseClient(
                    gateway.uri(path), "Last-Event-ID", whole.get(i).id())) {
                rest.awaitFrame("stream.end");
                assertThat(rest.numbered().stream().map(Frame::data))
                        .isEqualTo(whole.stream().skip(i + 1).map(Frame::data).toList());
            }
        }
        JsonNode page =
                gateway.get("/v1/runs/" + book.run() + "/events?limit=1000").json();
        assertThat(page.get("events").valueStream().map(JsonNode::toString))
                .isEqualTo(whole.stream().map(it -> it.json().toString()).toList());
    }

    @Test
    void isShownStepByStep() throws Exception {
        MixedBook book = new MixedBook(log).create();
        book.begin().claim().end().begin().claim();
        log.publish(book.view());
        String path = "/v1/runs/" + book.run();
        await().atMost(Duration.ofSeconds(30)).until(() -> gateway.get(path).status() == 200);
        JsonNode run = gateway.get(path).json();
        List<String> expected = List.of(
                step(
                        "{\"step\":1,\"kind\":\"build\",\"name\":\"compile\",\"status\":\"succeeded\",\"stage_id\":\"%s.1\"}",
                        book),
                step(
                        "{\"step\":2,\"kind\":\"prompt\",\"name\":\"explain\",\"status\":\"running\",\"stage_id\":\"%s.2\"}",
                        book),
                step("{\"step\":3,\"kind\":\"build\",\"name\":\"check\",\"status\":\"waiting\"}", book),
                step("{\"step\":4,\"kind\":\"prompt\",\"status\":\"waiting\"}", book));
        assertThat(steps(run)).isEqualTo(expected);
        assertThat(run.get("plan").valueStream().map(it -> it.get("step").asString()))
                .containsExactly("build", "prompt", "build", "prompt");
        assertThat(run.get("plan").get(3).get("text").asString()).isEqualTo("{{steps.explain.text}} Shorter!");
        JsonNode listed = gateway.get("/v1/runs?kind=mixed&limit=100")
                .json()
                .get("runs")
                .valueStream()
                .filter(it -> it.get("run_id").asString().equals(book.run().value()))
                .findFirst()
                .orElseThrow();
        assertThat(steps(listed)).isEqualTo(expected);
    }
}
