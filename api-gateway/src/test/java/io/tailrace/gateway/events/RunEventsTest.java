package io.tailrace.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.gateway.testing.WrittenRun;
import io.tailrace.local.testing.TestKafka;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events page by page and as a download, of runs that are written to a real broker. */
class RunEventsTest {
    private static TestGateway gateway;
    private static WrittenRun ended;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        ended = run().begin().phase().output(3, 10, "hällo").end();
        // 3 + 4 + 30 + 4
        assertThat(ended.events()).isEqualTo(41);
    }

    @AfterAll
    static void stop() {
        ended.close();
        gateway.close();
    }

    private static WrittenRun run() {
        return new WrittenRun(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS);
    }

    private static Answer events(WrittenRun run, String query) {
        return gateway.get("/v1/runs/" + run.id() + "/events" + query);
    }

    private static List<Long> sequences(Answer page) {
        return StreamSupport.stream(page.json().get("events").spliterator(), false)
                .map(it -> it.get("sequence").asLong())
                .toList();
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void pageHasTheEventsInOrder() {
        Answer page = events(ended, "");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("content-type")).contains("application/json");
        assertThat(sequences(page)).isEqualTo(range(1, 41));
        assertThat(page.json().get("next_cursor").isNull()).isTrue();
        assertThat(page.json().get("up_to_date").asBoolean()).isTrue();
        assertThat(page.json().get("gaps").size()).isZero();
        JsonNode line = page.json().get("events").get(7);
        assertThat(line.get("type").asString()).isEqualTo("console.line");
        assertThat(line.get("payload").get("text").asString()).isEqualTo("hällo");
    }

    @ParameterizedTest
    @CsvSource({"1", "7", "10", "40", "41"})
    void pagesTogetherAreTheWholeRun(int limit) {
        List<Long> all = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = events(ended, "?limit=" + limit + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            assertThat(sequences(page).size()).isLessThanOrEqualTo(limit);
            all.addAll(sequences(page));
            cursor = page.text("next_cursor");
        } while (!cursor.isEmpty());

        assertThat(all).isEqualTo(range(1, 41));
    }

    @ParameterizedTest
    @CsvSource({"5,9", "8,8", "10,30", "41,41", "42,50", "9,3"})
    void partIsChosenByItsSequences(long from, long to) {
        Answer page = events(ended, "?from=" + from + "&to=" + to);

        assertThat(sequences(page)).isEqualTo(range(from, Math.min(to, 41)));
        assertThat(page.json().get("next_cursor").isNull()).isTrue();
    }

    @Test
    void typesAreChosen() {
        Answer page = events(ended, "?type=run.created,run.completed&type=build.phase.completed");

        assertThat(sequences(page)).containsExactly(1L, 38L, 41L);
        assertThat(sequences(events(ended, "?type=console.line&from=9&to=20"))).isEqualTo(range(9, 20));
        assertThat(sequences(events(ended, "?type=no.such"))).isEmpty();
    }

    @Test
    void snapshotAndTheEventsAfterItHaveNoGap() {
        try (WrittenRun run = run().begin().phase().output(1, 5, "x")) {
            String cursor = viewOf(run).text("cursor");

            assertThat(sequences(events(run, "?cursor=" + cursor))).isEqualTo(range(4, 12));
        }
    }

    @Test
    void runThatGoesOnIsReadUpToNowAndThenOn() {
        try (WrittenRun run = run().begin().phase()) {
            awaitKnown(run);
            Answer now = events(run, "");
            assertThat(sequences(now)).isEqualTo(range(1, 7));
            assertThat(now.json().get("up_to_date").asBoolean()).isTrue();
            assertThat(now.text("next_cursor")).isNotEmpty();

            run.output(1, 3, "y");
            Answer then = events(run, "?cursor=" + now.text("next_cursor"));
            assertThat(sequences(then)).isEqualTo(range(8, 10));

            run.end();
            Answer rest = events(run, "?cursor=" + then.text("next_cursor"));
            assertThat(sequences(rest)).isEqualTo(range(11, 14));
            assertThat(rest.json().get("next_cursor").isNull()).isTrue();
        }
    }

    @Test
    void downloadIsALineForEachEvent() {
        Answer download = gateway.get("/v1/runs/" + ended.id() + "/events", "Accept", "application/x-ndjson");

        assertThat(download.status()).isEqualTo(200);
        assertThat(download.header("content-type")).contains("application/x-ndjson");
        assertThat(download.header("content-disposition"))
                .contains("attachment; filename=\"" + ended.id() + ".ndjson\"");
        assertThat(download.body()).endsWith("\n");
        assertThat(download.body()
                        .lines()
                        .map(it ->
                                JsonMapper.shared().readTree(it).get("sequence").asLong()))
                .isEqualTo(range(1, 41));
        assertThat(events(ended, "?format=ndjson").body()).isEqualTo(download.body());
        assertThat(events(ended, "?format=ndjson&from=3&limit=4").body().lines())
                .hasSize(4);
    }

    @Test
    void largeRunIsDownloadedInBoundedMemory() throws Exception {
        // About 290 MB of lines, more than this JVM's memory could hold twice.
        int windows = 4_600;
        int linesEach = 500;
        try (WrittenRun run = run().begin()
                .phase()
                .output(windows, linesEach, "x".repeat(120))
                .end()) {
            awaitEnded(run);
            HttpRequest request = HttpRequest.newBuilder(gateway.uri("/v1/runs/" + run.id() + "/events?format=ndjson"))
                    .build();
            long before = usedHeap();
            long most = 0;
            long lines = 0;
            long bytes = 0;
            try (HttpClient http = HttpClient.newHttpClient()) {
                HttpResponse<java.io.InputStream> response =
                        http.send(request, HttpResponse.BodyHandlers.ofInputStream());
                assertThat(response.statusCode()).isEqualTo(200);
                try (BufferedReader reader =
                        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                        lines++;
                        bytes += line.length() + 1;
                        assertThat(line.startsWith("{\"sequence\":" + lines + ","))
                                .isTrue();
                        if (lines % 400_000 == 0) {
                            most = Math.max(most, usedHeap());
                        }
                    }
                }
            }
            assertThat(lines).isEqualTo(run.events());
            assertThat(bytes).isGreaterThan(800_000_000);
            assertThat(most - before).isLessThan(100_000_000);
        }
    }

    @ParameterizedTest(name = "{0} → {1} {2} {3}")
    @CsvSource({
        "?from=0, 400, out_of_range, from",
        "?to=x, 400, wrong_type, to",
        "?limit=1001, 400, out_of_range, limit",
        "?limit=0&format=ndjson, 400, out_of_range, limit",
        "?format=xml, 400, invalid_value, format",
        "?type=Console, 400, invalid_value, type",
        "?sequence=1, 400, unknown_parameter, sequence",
        "?cursor=v1.AAAA, 400, malformed_cursor, cursor",
        "?cursor=, 400, malformed_cursor, cursor"
    })
    void badQueryIsRefused(String query, int status, String code, String field) {
        Refusal.check(events(ended, query), status, code, field);
    }

    @Test
    void cursorOfAnotherRunIsRefused() {
        try (WrittenRun run = run().begin()) {
            String cursor = viewOf(run).text("cursor");

            Refusal.check(events(ended, "?cursor=" + cursor), 400, "foreign_cursor", "cursor");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/x-ndjson | application/x-ndjson",
                "application/json;q=0.5, application/x-ndjson | application/x-ndjson",
                "application/x-ndjson;q=0.5, application/json | application/json",
                "*/* | application/json",
                "text/html, */*;q=0.1 | application/json",
                "application/* | application/json"
            })
    void formFollowsTheAcceptHeader(String accept, String expected) {
        assertThat(gateway.get("/v1/runs/" + ended.id() + "/events", "Accept", accept)
                        .header("content-type"))
                .contains(expected);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static Answer viewOf(WrittenRun run) {
        awaitKnown(run);
        return gateway.get("/v1/runs/" + run.id());
    }

    private static void awaitKnown(WrittenRun run) {
        assertThat(gateway.get("/v1/runs/" + run.id()).status()).isEqualTo(200);
    }

    private static void awaitEnded(WrittenRun run) {
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> gateway.get("/v1/runs/" + run.id()).text("status").equals("succeeded"));
    }
}
