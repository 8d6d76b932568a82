package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.run.Outcome;
import io.tailrace.gateway.stream.SseClient.Frame;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.ChatBook;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a client of a chat's stream gets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ChatStreamTest {
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

    private static JsonNode payload(SseClient client, int index) {
        return client.events().get(index).get("payload");
    }

    @Test
    void everyDeltaIsAnEventOfItsOwnAndAStreamGoesOnInTheMiddleOfAWindow() throws Exception {
        ChatBook book = new ChatBook(log).create();
        log.publish(book.view(List.of()));
        String path = "/v1/runs/" + book.run();
        try (SseClient client = new SseClient(gateway.uri(path + "/stream"))) {
            client.awaitEvents(2);
            book.submit("a", "hello").dispatch("a", "hello").claim().deltas("h", "é\n");
            client.awaitEvents(8);
            book.submit("b", "later");
            assertThat(client.awaitFrame("run.notice")
                            .json()
                            .get("payload")
                            .get("turn_id")
                            .asString())
                    .isEqualTo("turn-b");
            book.claim()
                    .deltas("hello")
                    .checkpoint(1, "hello")
                    .complete("hello")
                    .finish(Outcome.SUCCEEDED);
            book.completeRun();
            client.awaitOver();
            assertThat(client.numbered().stream().map(Frame::event))
                    .containsExactly(
                            "run.created",
                            "run.started",
                            "turn.submitted",
                            "stage.requested",
                            "attempt.started",
                            "turn.started",
                            "model.delta",
                            "model.delta",
                            "attempt.started",
                            "turn.started",
                            "model.delta",
                            "turn.checkpointed",
                            "turn.completed",
                            "turn.submitted",
                            "stage.finished",
                            "run.completed");
            JsonNode second = client.events().get(7);
            assertThat(second.get("type").asString()).isEqualTo("model.delta");
            assertThat(second.get("sequence").asLong()).isEqualTo(8);
            assertThat(second.get("event_id").asString()).endsWith("-2");
            assertThat(second.get("attempt").asInt()).isEqualTo(1);
            assertThat(second.get("stage_id").asString()).isEqualTo(book.run() + ".1");
            assertThat(second.get("payload")).isEqualTo(JsonMapper.shared().readTree("""
                    {"kind":"text","text":"é\\n"}"""));
            // A window of one delta is no exception.
            assertThat(client.events().get(10).get("event_id").asString()).endsWith("-1");
            assertThat(payload(client, 8).get("supersedes_from_sequence").asLong())
                    .isEqualTo(5);
            assertThat(payload(client, 2).get("input").get("text").asString()).isEqualTo("hello");
            assertThat(payload(client, 3).get("turn_id").asString()).isEqualTo("turn-a");
            assertThat(payload(client, 11).get("message").get("text").asString())
                    .isEqualTo("hello");
            assertThat(payload(client, 12)
                            .get("content")
                            .get("usage")
                            .get("total_tokens")
                            .asInt())
                    .isEqualTo(15);
            try (SseClient rest = new SseClient(
                    gateway.uri(path + "/stream"),
                    "Last-Event-ID",
                    client.numbered().get(6).id())) {
                rest.awaitOver();
                assertThat(rest.numbered().stream().map(Frame::data).toList())
                        .isEqualTo(client.numbered().subList(7, 16).stream()
                                .map(Frame::data)
                                .toList());
            }
        }
        JsonNode deltas = gateway.get(path + "/events?type=model.delta").json().get("events");
        assertThat(deltas.size()).isEqualTo(3);
    }
}
