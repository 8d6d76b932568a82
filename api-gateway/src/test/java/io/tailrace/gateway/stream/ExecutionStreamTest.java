package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.Outcome;
import io.tailrace.gateway.stream.SseClient.Frame;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.gateway.testing.WrittenCalls;
import io.tailrace.gateway.testing.WrittenExecution;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.ChatBook;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Executions of assistants over HTTP, live and stored, of runs that are written to a real broker. */
class ExecutionStreamTest {
    private static KafkaLogUnderTest log;
    private static TestGateway gateway;
    private static WrittenExecution ended;
    private static List<Frame> whole;

    @BeforeAll
    static void start() throws Exception {
        log = KafkaLogUnderTest.on(TestKafka.shared().bootstrapServers());
        gateway = TestGateway.start();
        ended = written().create().publish();
        try (SseClient live = new SseClient(gateway.uri(streamOf(ended)))) {
            live.awaitFrame("execution-start");
            // A worker is lost, another one does its work again, and both are of a newer release.
            ended.request().claim().prepare().unknown().deltas("So", "me");
            live.awaitFrame("knowledge-retrieved");
            ended.claim().prepare().unknown().deltas("Some", " text.").answer(WrittenExecution.USAGE);
            ended.finish(Outcome.SUCCEEDED).request().claim().prepare();
            ended.say(WrittenCalls.requested(1, 1), WrittenCalls.started(1, 0));
            live.awaitFrame("tool-execution-start");
            ended.claim().prepare().say(WrittenCalls.requestedBefore(1, 1), WrittenCalls.started(1, 0));
            ended.say(WrittenCalls.succeeded(1, 0, "Aare")).answer(WrittenExecution.USAGE);
            ended.finish(Outcome.SUCCEEDED).prompt().complete(Outcome.SUCCEEDED);
            live.awaitFrame("stream.end");
            whole = live.frames();
        }
        ended.publish();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        log.close();
    }

    private static WrittenExecution written() {
        return new WrittenExecution(RunId.of(UUID.randomUUID()), log);
    }

    private static String streamOf(WrittenExecution execution) {
        return "/api/assistant-architect/events/" + execution.id();
    }

    private static String historyOf(WrittenExecution execution) {
        return "/api/assistant-architect/executions/" + execution.id() + "/events";
    }

    private static List<Frame> told() {
        return whole.stream().filter(Frame::isNumbered).toList();
    }

    private static List<JsonNode> rows(Answer page) {
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        return StreamSupport.stream(page.json().get("events").spliterator(), false)
                .toList();
    }

    private static List<JsonNode> data(List<JsonNode> rows) {
        return rows.stream().map(it -> it.get("eventData")).toList();
    }

    private static List<JsonNode> shown() {
        return told().stream().map(Frame::json).toList();
    }

    @Test
    void framesAreNamedAsTheContractSays() {
        assertThat(whole)
                .extracting(Frame::event)
                .containsExactly(
                        "stream.open",
                        "execution-start",
                        "prompt-start",
                        "variable-substitution",
                        "knowledge-retrieval-start",
                        "knowledge-retrieved",
                        "prompt-complete",
                        "progress",
                        "prompt-start",
                        "variable-substitution",
                        "tool-execution-start",
                        "tool-execution-complete",
                        "prompt-complete",
                        "progress",
                        "prompt-start",
                        "prompt-complete",
                        "progress",
                        "execution-complete",
                        "stream.end");
        for (JsonNode data : shown()) {
            assertThat(data.get("timestamp").asString()).matches("2026-11-21T10:00:\\d\\d\\.\\d{3}Z");
            assertThat(data.get("eventId").asString()).hasSize(36);
        }
        assertThat(shown().getFirst().get("executionId").asString())
                .isEqualTo(ended.id().value());
    }

    @Test
    void everyIdIsAPlaceToGoOnFrom() throws Exception {
        for (int i = 0; i < whole.size() - 2; i++) {
            try (SseClient resumed = new SseClient(
                    gateway.uri(streamOf(ended)), "Last-Event-ID", whole.get(i).id())) {
                resumed.awaitFrame("stream.end");
                assertThat(texts(resumed.frames()).subList(1, resumed.frames().size()))
                        .as("after %s", whole.get(i))
                        .isEqualTo(texts(whole.subList(i + 1, whole.size())));
            }
        }
        assertThat(gateway.get(streamOf(ended) + "?lastEventId="
                                + whole.getLast().id())
                        .status())
                .isEqualTo(204);
    }

    /** Ids are sealed anew for each, and so are other texts of the same place. */
    private static List<String> texts(List<Frame> frames) {
        return frames.stream().map(it -> it.event() + it.data()).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 16, 17, 100})
    void thePagesOfTheHistoryAreTheStream(int limit) {
        List<JsonNode> all = new ArrayList<>();
        String cursor = "";
        do {
            Answer page =
                    gateway.get(historyOf(ended) + "?limit=" + limit + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            assertThat(rows(page).size()).isLessThanOrEqualTo(limit);
            all.addAll(rows(page));
            cursor = page.text("next_cursor");
        } while (!cursor.isEmpty());

        assertThat(data(all)).isEqualTo(shown());
        for (JsonNode row : all) {
            assertThat(row.propertyNames()).containsExactly("id", "executionId", "eventType", "eventData", "createdAt");
            assertThat(row.get("id")).isEqualTo(row.get("eventData").get("eventId"));
            assertThat(row.get("createdAt")).isEqualTo(row.get("eventData").get("timestamp"));
            assertThat(row.get("executionId").asString()).isEqualTo(ended.id().value());
        }
        assertThat(all.stream().map(it -> it.get("eventType").asString()))
                .isEqualTo(told().stream().map(Frame::event).toList());
    }

    @Test
    void theIdOfAFrameIsWhereTheHistoryGoesOn() {
        for (int i = 0; i < told().size(); i++) {
            Answer page =
                    gateway.get(historyOf(ended) + "?cursor=" + told().get(i).id());

            assertThat(data(rows(page))).isEqualTo(shown().subList(i + 1, shown().size()));
        }
    }

    @Test
    void oneTypeIsChosen() {
        List<JsonNode> found = rows(gateway.get(historyOf(ended) + "?type=knowledge-retrieved"));

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().get("eventData").get("documentsFound").asInt())
                .isEqualTo(2);
        assertThat(found.getFirst().get("eventData").get("relevanceScore").asDouble())
                .isEqualTo(0.625);
        assertThat(rows(gateway.get(historyOf(ended) + "?type=progress,prompt-start")))
                .hasSize(6);
        JsonNode call = rows(gateway.get(historyOf(ended) + "?type=tool-execution-start"))
                .getFirst()
                .get("eventData");
        assertThat(call.at("/parameters/url").asString()).isEqualTo("https://rivers.example/all");
        assertThat(rows(gateway.get(historyOf(ended) + "?type=tool-execution-complete")))
                .hasSize(1);
    }

    @Test
    void theDownloadIsALineForEachEvent() {
        Answer download = gateway.get(historyOf(ended), "Accept", "application/x-ndjson");

        assertThat(download.header("content-type")).contains("application/x-ndjson");
        assertThat(download.header("content-disposition"))
                .contains("attachment; filename=\"" + ended.id() + ".ndjson\"");
        assertThat(data(download.body()
                        .lines()
                        .map(JsonMapper.shared()::readTree)
                        .toList()))
                .isEqualTo(shown());
        assertThat(gateway.get(historyOf(ended) + "?format=ndjson&type=progress&limit=2")
                        .body()
                        .lines())
                .hasSize(2);
    }

    @Test
    void whatGoesOnIsReadUpToNowAndThenOn() {
        WrittenExecution running =
                written().create().publish().request().claim().prepare();
        Answer now = gateway.get(historyOf(running));
        assertThat(rows(now)).hasSize(5);
        assertThat(now.json().get("up_to_date").asBoolean()).isTrue();

        running.claim().prepare().answer(WrittenExecution.USAGE).finish(Outcome.SUCCEEDED);
        Answer then = gateway.get(historyOf(running) + "?cursor=" + now.text("next_cursor"));

        assertThat(rows(then).stream().map(it -> it.get("eventType").asString()))
                .containsExactly("prompt-complete", "progress");
        assertThat(then.text("next_cursor")).isNotEmpty();
    }

    @Test
    void aCanonicalStreamShowsScoresToo() throws Exception {
        try (SseClient canonical = new SseClient(gateway.uri("/v1/runs/" + ended.id() + "/stream"))) {
            JsonNode found = canonical.awaitFrame("knowledge.retrieved").json().get("payload");

            assertThat(found.get("relevance_score").asDouble()).isEqualTo(0.625);
        }
    }

    @Test
    void aRunOfAnotherKindIsNoExecution() {
        ChatBook chat = new ChatBook(log).create();
        log.publish(chat.view(List.of()));

        Refusal.check(gateway.get("/api/assistant-architect/events/" + chat.run()), 404, "not_an_execution", "");
        Refusal.check(
                gateway.get("/api/assistant-architect/executions/" + chat.run() + "/events"),
                404,
                "not_an_execution",
                "");
    }

    @ParameterizedTest(name = "{0} → {1} {2} {3}")
    @CsvSource({
        "events/-, 400, malformed_run_id, run_id",
        "executions/4711$/events, 400, malformed_run_id, run_id",
        "events/r-0000000000000000, 404, unknown_run, ''",
        "executions/r-0000000000000000/events, 404, unknown_run, ''",
        "events/r-0000000000000000?view=canonical, 400, unknown_parameter, view",
        "events/r-0000000000000000?cursor=x, 400, malformed_cursor, cursor",
        "executions/r-0000000000000000/events?type=prompt, 422, unknown_event_type, type",
        "executions/r-0000000000000000/events?type=, 422, unknown_event_type, type",
        "executions/r-0000000000000000/events?limit=1001, 400, out_of_range, limit",
        "executions/r-0000000000000000/events?from=1, 400, unknown_parameter, from",
        "executions/r-0000000000000000/events?format=xml, 400, invalid_value, format"
    })
    void badRequestsAreRefused(String path, int status, String code, String field) {
        Refusal.check(gateway.get("/api/assistant-architect/" + path), status, code, field);
    }

    @Test
    void theRefusalOfATypeSaysWhatThereIs() {
        assertThat(gateway.get(historyOf(ended) + "?type=prompt").text("detail"))
                .contains("execution-start", "knowledge-retrieved", "tool-execution-complete", "progress");
    }

    @Test
    void aCursorOfAnotherExecutionIsRefused() {
        WrittenExecution other = written().create().publish();
        String cursor = told().getFirst().id();

        Refusal.check(gateway.get(streamOf(other) + "?cursor=" + cursor), 400, "foreign_cursor", "cursor");
        Refusal.check(gateway.get(historyOf(other) + "?cursor=" + cursor), 400, "foreign_cursor", "cursor");
    }
}
