package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.CursorToken;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.stream.SseClient.Frame;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.Book;
import io.tailrace.runlog.KafkaLogUnderTest;
import io.tailrace.runlog.Seen;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a client of a stream gets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class RunStreamTest {
    private static final String OF_PROBLEMS = "no-cache, no-store, no-transform";

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

    private Book finished() {
        Book book = Book.complete(log);
        log.publish(book.view());
        return book;
    }

    private String sealed(RunId run, RunCursor cursor) {
        return gateway.context().getBean(Cursors.class).token(run, cursor);
    }

    private SseClient open(Book book, String query, String... headers) throws Exception {
        return new SseClient(gateway.uri("/v1/runs/" + book.run() + "/stream" + query), headers);
    }

    private SseClient resume(Book book, String lastEventId) throws Exception {
        return open(book, "", "Last-Event-ID", lastEventId);
    }

    private static List<Long> sequences(SseClient client) {
        return client.events().stream().map(it -> it.get("sequence").asLong()).toList();
    }

    private static List<String> ids(Book book, int from) {
        List<String> ids = new ArrayList<>();
        for (Seen seen : book.expected().subList(from, book.expected().size())) {
            boolean line = seen.type().equals("console.lines");
            ids.add(line ? seen.eventId() + "-" + (seen.index() + 1) : seen.eventId());
        }
        return ids;
    }

    private static List<String> ids(SseClient client) {
        return client.events().stream().map(it -> it.get("event_id").asString()).toList();
    }

    @Test
    void aRunIsStreamedLiveFromItsFirstEventToItsEnd() throws Exception {
        Book book = Book.begun(log);
        try (SseClient client = open(book, "")) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(client.header("Cache-Control")).isEqualTo("no-cache, no-transform");
            assertThat(client.header("X-Accel-Buffering")).isEqualTo("no");
            client.awaitEvents(4);
            book.line("größer \u001b[1m\t\"quoted\" \\ \uD83D\uDE80");
            client.awaitEvents(5);
            book.lines(3)
                    .redispatch()
                    .claim()
                    .lines(200)
                    .complete()
                    .finishStage()
                    .completeRun();
            client.awaitOver();
            assertThat(ids(client)).isEqualTo(ids(book, 0));
            assertThat(sequences(client))
                    .isEqualTo(book.expected().stream().map(Seen::sequence).toList());
            Frame open = client.frames().getFirst();
            assertThat(open.event()).isEqualTo("stream.open");
            assertThat(open.id()).isNotEmpty();
            assertThat(client.retries()).isNotEmpty();
            Frame end = client.frames().getLast();
            assertThat(end.event()).isEqualTo("stream.end");
            assertThat(end.json().get("last_sequence").asLong()).isEqualTo(book.sequence());
            try (SseClient after = resume(book, end.id())) {
                assertThat(after.status()).isEqualTo(204);
                assertThat(after.header("Cache-Control")).isEqualTo("no-cache, no-transform");
            }
        }
    }

    @Test
    void anEventSaysWhatItIs() throws Exception {
        Book book = Book.begun(log);
        book.line("größer \u001b[1m\t\"quoted\" \\ \uD83D\uDE80").redispatch().claim();
        try (SseClient client = open(book, "")) {
            client.awaitEvents(6);
            List<JsonNode> events = client.events();
            JsonNode line = events.get(4);
            assertThat(client.numbered().get(4).event()).isEqualTo("console.line");
            assertThat(line.get("type").asString()).isEqualTo("console.line");
            assertThat(line.get("run_id").asString()).isEqualTo(book.run().value());
            assertThat(line.get("stage_id").asString()).isEqualTo(book.run() + ".1");
            assertThat(line.get("attempt").asInt()).isEqualTo(1);
            assertThat(line.get("worker_id").asString()).isEqualTo("worker-1");
            assertThat(line.get("occurred_at").asString()).isEqualTo("2026-11-21T10:00:00.000Z");
            assertThat(line.get("event_id").asString()).endsWith("-1");
            assertThat(line.get("payload").get("stream").asString()).isEqualTo("stdout");
            assertThat(line.get("payload").get("end").asString()).isEqualTo("newline");
            assertThat(line.get("payload").get("phase").asString()).isEqualTo("make");
            assertThat(line.get("payload").get("text").asString())
                    .isEqualTo("größer \u001b[1m\t\"quoted\" \\ \uD83D\uDE80");
            assertThat(events.get(5)
                            .get("payload")
                            .get("supersedes_from_sequence")
                            .asLong())
                    .isEqualTo(4);
            assertThat(events.get(0).get("payload").get("plan").isObject()).isTrue();
        }
    }

    @Test
    void whatCannotBeDecodedIsAPlaceholder() throws Exception {
        Book book = Book.begun(log);
        book.undecodable(2).lines(1);
        try (SseClient client = open(book, "")) {
            client.awaitEvents(7);
            for (int i = 4; i < 6; i++) {
                JsonNode event = client.events().get(i);
                assertThat(event.get("type").asString()).isEqualTo("build.telepathy");
                assertThat(event.get("undecodable").asBoolean()).isTrue();
                assertThat(event.get("payload").isNull()).isTrue();
                assertThat(event.get("sequence").asLong()).isEqualTo(i + 1);
                assertThat(event.get("event_id").asString()).endsWith("-" + (i - 3));
            }
        }
    }

    @Test
    void aStreamCutAtAnyEventGoesOnWithTheNext() throws Exception {
        Book book = finished();
        try (SseClient whole = open(book, "").awaitOver()) {
            List<Frame> frames = whole.numbered();
            assertThat(ids(whole)).isEqualTo(ids(book, 0));
            for (int i = 0; i < frames.size() - 1; i++) {
                try (SseClient rest = resume(book, frames.get(i).lastEventId()).awaitOver()) {
                    assertThat(rest.numbered().stream().map(Frame::data).toList())
                            .isEqualTo(frames.subList(i + 1, frames.size()).stream()
                                    .map(Frame::data)
                                    .toList());
                }
            }
        }
    }

    @Test
    void aStreamCutBeforeTheFirstEventBeginsWithTheFirst() throws Exception {
        Book book = finished();
        try (SseClient first = open(book, "");
                SseClient again = resume(book, first.awaitFrame("stream.open").id())) {
            assertThat(ids(again.awaitOver())).isEqualTo(ids(book, 0));
        }
    }

    @Test
    void fromNowOnlyWhatComes() throws Exception {
        Book book = Book.begun(log);
        book.lines(5);
        int before = book.expected().size();
        try (SseClient client = open(book, "?from=now")) {
            String start = client.awaitFrame("stream.open").id();
            book.lines(2).complete().finishStage().completeRun();
            client.awaitOver();
            assertThat(ids(client)).isEqualTo(ids(book, before));
            try (SseClient again = resume(book, start).awaitOver()) {
                assertThat(ids(again)).isEqualTo(ids(book, before));
            }
        }
    }

    @Test
    void theHeaderBeatsTheQuery() throws Exception {
        Book book = finished();
        try (SseClient whole = open(book, "").awaitOver()) {
            List<Frame> frames = whole.numbered();
            String early = frames.get(2).id();
            String late = frames.get(frames.size() - 4).id();
            for (String name : List.of("cursor", "lastEventId")) {
                try (SseClient rest = open(book, "?" + name + "=" + early, "Last-Event-ID", late)
                        .awaitOver()) {
                    assertThat(rest.events()).hasSize(3);
                }
                try (SseClient rest = open(book, "?" + name + "=" + late).awaitOver()) {
                    assertThat(rest.events()).hasSize(3);
                }
            }
        }
    }

    @Test
    void whatRetentionTookIsNamedBetweenTheEvents() throws Exception {
        Book book = Book.begun(log);
        book.lines(6).complete().finishStage().completeRun();
        log.publish(book.view());
        log.trim(Topic.BUILD_EVENTS, book.run(), book.lastChapterOffset());
        try (SseClient client = open(book, "").awaitOver()) {
            JsonNode gap = client.awaitFrame("stream.gap").json();
            assertThat(gap.get("from").asLong()).isEqualTo(4);
            assertThat(gap.get("to").asLong()).isEqualTo(book.sequence() - 2);
            assertThat(sequences(client)).containsExactly(1L, 2L, 3L, book.sequence() - 1, book.sequence());
            String before = client.numbered().get(2).id();
            assertThat(client.awaitFrame("stream.gap").id()).isEqualTo(before);
            try (SseClient again = resume(book, before).awaitOver()) {
                assertThat(again.awaitFrame("stream.gap").id()).isEqualTo(before);
                assertThat(sequences(again)).containsExactly(book.sequence() - 1, book.sequence());
            }
        }
    }

    @Test
    void aCursorOfAnotherLogIsResetAndStaysUntilTheClientKnows() throws Exception {
        Book book = finished();
        String foreign = sealed(book.run(), RunCursor.beforeFirst(log.epoch() + 1, book.partition(), book.run()));
        try (SseClient client = resume(book, foreign).awaitOver()) {
            assertThat(client.frames().get(0).event()).isEqualTo("stream.open");
            assertThat(client.frames().get(0).id()).isEqualTo(foreign);
            Frame reset = client.frames().get(1);
            assertThat(reset.event()).isEqualTo("stream.reset");
            assertThat(reset.json().get("reason").asString()).isEqualTo("epoch");
            assertThat(ids(client)).isEqualTo(ids(book, 0));
            try (SseClient again = resume(book, reset.id()).awaitOver()) {
                assertThat(again.frames()).noneMatch(it -> it.event().equals("stream.reset"));
                assertThat(ids(again)).isEqualTo(ids(book, 0));
            }
        }
    }

    @Test
    void whatHappensBesideAChapterIsToldWithTheIdThatItsClientHas() throws Exception {
        Book book = Book.begun(log);
        try (SseClient client = open(book, "").awaitEvents(4)) {
            book.requestCancel();
            Frame notice = client.awaitFrame("run.notice");
            assertThat(notice.id()).isEqualTo(client.numbered().get(3).id());
            assertThat(notice.json().get("type").asString()).isEqualTo("run.cancel.requested");
            assertThat(notice.json().has("sequence")).isFalse();
            book.complete().finishStage().completeRun();
            client.awaitOver();
            assertThat(ids(client)).isEqualTo(ids(book, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "v1.", "v1.AAAA", "v2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "v1.%%%"})
    void aMalformedCursorIsRefusedByName(String cursor) {
        Book book = Book.begun(log);
        Answer answer = gateway.get("/v1/runs/" + book.run() + "/stream", "Last-Event-ID", cursor);
        Refusal.check(answer, 400, "malformed_cursor", "Last-Event-ID");
    }

    /** From the pages of events, which share nothing: a forger is the first whose reader could be shared. */
    private String cursorAfter(Book book, int events) {
        Answer page = gateway.get("/v1/runs/" + book.run() + "/events?limit=" + events);
        return page.text("next_cursor");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1, 1_000_000})
    void aForgedSequenceHarmsNobodyElse(long change) throws Exception {
        Book book = Book.begun(log).lines(5);
        String forged = Forgery.shifted(book.run(), cursorAfter(book, 6), change);
        try (SseClient liar = resume(book, forged);
                SseClient fair = open(book, "").awaitEvents(6)) {
            assertThat(liar.status()).isEqualTo(400);
            book.lines(3).complete().finishStage().completeRun();
            assertThat(ids(fair.awaitOver())).isEqualTo(ids(book, 0));
            assertThat(sequences(fair))
                    .isEqualTo(book.expected().stream().map(Seen::sequence).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1})
    void aCursorThatNothingSealsIsResetAndHarmsNobodyElse(long change) throws Exception {
        for (boolean olderRelease : new boolean[] {true, false}) {
            Book book = Book.begun(log).lines(5);
            RunCursor claimed =
                    Forgery.shifted(CursorToken.parse(cursorAfter(book, 6)).claimed(), change);
            String given = olderRelease
                    ? Forgery.unsealed(book.run(), claimed)
                    : Forgery.strangersKey(1).seal(book.run(), claimed);
            try (SseClient unproven = resume(book, given);
                    SseClient fair = open(book, "").awaitEvents(6)) {
                // Not sealed on the way out: that would make it a good one.
                assertThat(unproven.awaitFrame("stream.open").id()).isEqualTo(given);
                assertThat(unproven.awaitFrame("stream.reset")
                                .json()
                                .get("reason")
                                .asString())
                        .isEqualTo("key");
                book.lines(3).complete().finishStage().completeRun();
                assertThat(ids(unproven.awaitOver())).isEqualTo(ids(book, 0));
                assertThat(ids(fair.awaitOver())).isEqualTo(ids(book, 0));
            }
            Answer page = gateway.get("/v1/runs/" + book.run() + "/events?limit=2&cursor=" + given);
            assertThat(page.text("reset")).isEqualTo("key");
        }
    }

    @Test
    void aCursorOfAnotherRunIsRefused() throws Exception {
        Book book = Book.begun(log);
        try (SseClient client = open(book, "")) {
            String id = client.awaitFrame("stream.open").id();
            Answer answer = gateway.get("/v1/runs/" + Book.begun(log).run() + "/stream", "Last-Event-ID", id);
            Refusal.check(answer, 400, "foreign_cursor", "Last-Event-ID");
            Answer asked = gateway.get("/v1/runs/" + Book.begun(log).run() + "/stream?cursor=" + id);
            Refusal.check(asked, 400, "foreign_cursor", "cursor");
        }
    }

    @Test
    void anUnknownRunIsNotFound() {
        Refusal.check(gateway.get("/v1/runs/r-0123456789abcdef/stream"), 404, "unknown_run", Refusal.ANY);
        Refusal.check(gateway.get("/v1/runs/X/stream"), 400, "malformed_run_id", Refusal.ANY);
        Book book = Book.begun(log);
        Refusal.check(gateway.get("/v1/runs/" + book.run() + "/stream?from=then"), 400, "invalid_value", "from");
        Refusal.check(gateway.get("/v1/runs/" + book.run() + "/stream?format=x"), 400, Refusal.ANY, Refusal.ANY);
    }

    @Test
    void theHeadOfAnAnswerThatComesInPiecesNamesNoLength() {
        String run = "/v1/runs/" + Book.begun(log).run();
        for (String path : List.of(run + "/stream", run + "/events?format=ndjson")) {
            Answer head = gateway.send("HEAD", path, "");
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-length")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/runs/r-0123456789abcdef/stream",
                "/v1/runs/X/stream",
                "/v1/runs/r-0123456789abcdef/stream?format=x",
                "/v1/runs/r-0123456789abcdef/stream?cursor=x",
                "/workspaces/demo/configurations/none/builds/r-none.1/stream",
                "/workspaces/demo/configurations/none/builds/nix/stream"
            })
    void noRefusalOfAStreamIsCachedOrChanged(String path) {
        assertThat(gateway.get(path).header("cache-control")).contains(OF_PROBLEMS);
        assertThat(gateway.send("DELETE", path, "").header("cache-control")).contains(OF_PROBLEMS);
    }

    @Test
    void noRefusalOfABuildThatIsAttachedToIsCachedOrChanged() {
        Answer refused = gateway.send(
                "POST", "/workspaces/demo/configurations/none/builds", "", "Last-Event-ID", "v2.x~undefined");
        Refusal.check(refused, 400, "malformed_cursor", "Last-Event-ID");
        assertThat(refused.header("cache-control")).contains(OF_PROBLEMS);
    }

    @Test
    void heartbeatsComeOftenEnoughForClientsThatGiveUpAfterFiveQuietSeconds() {
        assertThat(gateway.context().getBean(StreamSettings.class).heartbeat()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void theFirstBytesComeWithTheHeaderAndAreFew() throws Exception {
        Book book = Book.begun(log);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream()
                    .write(("GET /v1/runs/" + book.run() + "/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] buffer = new byte[64 * 1024];
            int read = socket.getInputStream().read(buffer);
            String first = new String(buffer, 0, read, StandardCharsets.UTF_8);
            String body = first.substring(first.indexOf("\r\n\r\n") + 4);
            String frame = body.substring(body.indexOf("\r\n") + 2, body.indexOf("\n\n"));
            assertThat(frame).startsWith("retry: 1000\nevent: stream.open\ndata: ");
            assertThat(frame.length()).isLessThan(512);
        }
    }
}
