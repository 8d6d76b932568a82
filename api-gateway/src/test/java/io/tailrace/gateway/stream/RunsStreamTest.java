package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.CursorToken;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.reading.RunPlace;
import io.tailrace.events.reading.RunPlaces;
import io.tailrace.events.reading.RunsToken;
import io.tailrace.events.run.Outcome;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.stream.SseClient.Frame;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.runlog.Book;
import io.tailrace.runlog.ChatBook;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a client gets who watches several runs over one connection. */
@Timeout(300)
class RunsStreamTest extends TwoGateways {
    private List<RunId> threeFinished() {
        List<RunId> runs = new ArrayList<>(List.of(finished().run(), finished().run()));
        ChatBook chat =
                new ChatBook(log).create().echo("a", "hello").echo("b", "again").completeRun();
        log.publish(chat.view(List.of()));
        runs.add(1, chat.run());
        return runs;
    }

    private static String path(List<RunId> runs) {
        return "/v1/streams?" + runs.stream().map(it -> "run=" + it).collect(Collectors.joining("&"));
    }

    private SseClient open(List<RunId> runs, String... headers) throws Exception {
        return new SseClient(gateway().uri(path(runs)), headers);
    }

    private SseClient resume(List<RunId> runs, String id) throws Exception {
        return open(runs, "Last-Event-ID", id);
    }

    /** What the streams of the runs say, each by itself. */
    private Map<String, List<String>> alone(List<RunId> runs) throws Exception {
        Map<String, List<String>> expected = new HashMap<>();
        for (RunId run : runs) {
            try (SseClient single = new SseClient(gateway().uri("/v1/runs/" + run + "/stream"))) {
                expected.putAll(SseClient.byRun(single.awaitOver().frames()));
            }
        }
        return expected;
    }

    private static void isWhole(SseClient client, List<RunId> runs) {
        List<Frame> frames = client.frames();
        assertThat(frames.getFirst().event()).isEqualTo("stream.open");
        assertThat(frames.getLast().event()).isEqualTo("stream.end");
        for (int i : new int[] {0, frames.size() - 1}) {
            List<String> named = new ArrayList<>();
            for (JsonNode each : frames.get(i).json().get("run_ids")) {
                named.add(each.asString());
            }
            assertThat(named).isEqualTo(runs.stream().map(RunId::value).toList());
        }
        assertThat(frames.stream().filter(it -> it.event().startsWith("stream.")))
                .hasSize(2);
    }

    @Test
    void eachRunIsAsInItsOwnStreamWhateverItsNeighboursDo() throws Exception {
        Book one = Book.begun(log);
        Book other = Book.begun(log);
        ChatBook chat = new ChatBook(log).create();
        log.publish(chat.view(List.of()));
        List<RunId> runs = List.of(one.run(), chat.run(), other.run());
        try (SseClient client = open(runs)) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(client.header("Cache-Control")).isEqualTo("no-cache, no-transform");
            assertThat(client.header("X-Accel-Buffering")).isEqualTo("no");
            client.awaitEvents(10);
            one.line("größer \u001b[1m\t\"quoted\" \\ \n id: x \n\n");
            chat.submit("a", "hello").dispatch("a", "hello").claim().deltas("h", "é\n\nid: v2.x\n\n");
            other.lines(300);
            client.awaitEvents(10 + 1 + 6 + 300);
            one.requestCancel();
            Frame notice = client.awaitFrame("run.notice");
            assertThat(notice.run()).isEqualTo(one.run().value());
            one.complete().finishStage().completeRun();
            Frame end = client.awaitFrame("run.end");
            assertThat(end.run()).isEqualTo(one.run().value());
            assertThat(end.json().get("last_sequence").asLong()).isEqualTo(one.sequence());
            chat.checkpoint(1, "h").complete("h").finish(Outcome.SUCCEEDED).completeRun();
            other.redispatch().claim().lines(3).complete().finishStage().completeRun();
            client.awaitOver();
            assertThat(SseClient.byRun(client.frames())).isEqualTo(alone(runs));
            isWhole(client, runs);
            assertThat(client.retries()).hasSize(1);
            assertThat(client.frames().stream()
                            .filter(it -> it.event().equals("run.end"))
                            .map(Frame::run))
                    .containsExactlyInAnyOrderElementsOf(
                            runs.stream().map(RunId::value).toList());
            String last = client.frames().getLast().id();
            for (TestGateway each : gateways) {
                Answer after = each.get(path(runs), "Last-Event-ID", last);
                assertThat(after.status()).isEqualTo(204);
                assertThat(after.header("cache-control")).contains("no-cache, no-transform");
            }
        }
    }

    @Test
    void aStreamCutAtAnyFrameGoesOnWithWhatEachRunHasNotGiven() throws Exception {
        List<RunId> runs = threeFinished();
        Map<String, List<String>> expected = alone(runs);
        try (SseClient whole = open(runs).awaitOver()) {
            isWhole(whole, runs);
            List<Frame> frames = whole.frames();
            assertThat(SseClient.byRun(frames)).isEqualTo(expected);
            for (int cut = 0; cut < frames.size(); cut++) {
                Frame last = frames.get(cut);
                assertThat(last.id().length()).isLessThan(4096);
                SseClient rest =
                        new SseClient(gateways.get(cut % 2).uri(path(runs)), "Last-Event-ID", last.lastEventId());
                try (rest) {
                    if (cut >= frames.size() - 2) {
                        assertThat(rest.status()).isEqualTo(204);
                    } else {
                        List<Frame> both = new ArrayList<>(frames.subList(0, cut + 1));
                        both.addAll(rest.awaitOver().frames());
                        assertThat(SseClient.byRun(both)).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    @Timeout(60)
    void everyEventIsAnotherPlace() throws Exception {
        List<RunId> runs = threeFinished();
        try (SseClient client = open(runs).awaitOver()) {
            assertThat(client.numbered()).hasSizeGreaterThan(20);
            assertThat(client.numbered()).extracting(Frame::id).doesNotHaveDuplicates();
        }
    }

    /** Writes several runs at once, in an order that nobody planned. */
    private static void write(List<Book> books, List<ChatBook> chats, Random random) {
        List<Runnable> steps = new ArrayList<>();
        for (int i = 0; i < books.size(); i++) {
            steps.addAll(Collections.nCopies(12, stepOf(books.get(i), random)));
        }
        for (ChatBook chat : chats) {
            for (int turn = 0; turn < 5; turn++) {
                String name = "t" + turn;
                steps.add(() -> chat.echo(name, "hello"));
            }
        }
        Collections.shuffle(steps, random);
        steps.forEach(Runnable::run);
        books.forEach(it -> it.complete().finishStage().completeRun());
        chats.forEach(ChatBook::completeRun);
    }

    private static Runnable stepOf(Book book, Random random) {
        return () -> {
            switch (random.nextInt(6)) {
                case 0 -> book.redispatch().claim();
                case 1 -> book.complete().finishStage().requestStage().claim();
                case 2 -> book.zombies();
                case 3 -> book.lines(200);
                default -> book.lines(1 + random.nextInt(5));
            }
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void liveRunsCutAgainAndAgainLoseNothingAndRepeatNothingAtWhateverGateway(long seed) throws Exception {
        Random random = new Random(seed);
        List<Book> books = IntStream.range(0, 4).mapToObj(_ -> Book.begun(log)).toList();
        List<ChatBook> chats =
                IntStream.range(0, 2).mapToObj(_ -> new ChatBook(log).create()).toList();
        chats.forEach(it -> log.publish(it.view(List.of())));
        List<RunId> runs = new ArrayList<>();
        books.forEach(it -> runs.add(it.run()));
        chats.forEach(it -> runs.add(it.run()));
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(books, chats, new Random(seed)));
        List<Frame> taken = new ArrayList<>();
        String last = "";
        int connections = 0;
        boolean ended = false;
        while (!ended) {
            TestGateway at = gateways.get(random.nextInt(2));
            String[] headers = last.isEmpty() ? new String[0] : new String[] {"Last-Event-ID", last};
            try (SseClient client = new SseClient(at.uri(path(runs)), headers)) {
                connections++;
                if (client.status() == 204) {
                    // The last cut was behind the last event, before the stream's own end.
                    break;
                }
                int keep = 1 + random.nextInt(60);
                client.await(it -> it.frames().size() >= keep
                        || it.frames().stream().anyMatch(frame -> frame.event().equals("stream.end")));
                List<Frame> got = client.frames();
                // What came after that got lost on its way.
                List<Frame> kept = got.subList(0, Math.min(keep, got.size()));
                taken.addAll(kept);
                last = kept.getLast().lastEventId();
                ended = kept.getLast().event().equals("stream.end");
            }
        }
        writing.join();
        assertThat(connections).isGreaterThan(5);
        assertThat(SseClient.byRun(taken)).isEqualTo(alone(runs));
        assertThat(gateway().get(path(runs), "Last-Event-ID", last).status()).isEqualTo(204);
    }

    @Test
    void runsAreAddedAndRemovedAndTheOthersKeepTheirPlaces() throws Exception {
        List<RunId> runs = threeFinished();
        RunId more = finished().run();
        Map<String, List<String>> expected = alone(List.of(runs.get(0), runs.get(2), more));
        try (SseClient whole = open(runs).awaitOver()) {
            List<Frame> frames = whole.frames();
            int cut = frames.size() / 2;
            List<RunId> others = List.of(more, runs.get(2), runs.get(0));
            try (SseClient rest = resume(others, frames.get(cut).id()).awaitOver()) {
                isWhole(rest, others);
                List<Frame> both = new ArrayList<>(frames.subList(0, cut + 1));
                both.removeIf(
                        it -> it.isNumbered() && it.run().equals(runs.get(1).value()));
                both.addAll(rest.frames());
                assertThat(SseClient.byRun(both)).isEqualTo(expected);
            }
        }
    }

    @Test
    void cursorsOfSingleRunsAreTakenForThoseRuns() throws Exception {
        List<RunId> runs = threeFinished();
        Map<String, List<String>> expected = alone(runs);
        String one =
                gateway().get("/v1/runs/" + runs.get(0) + "/events?limit=3").text("next_cursor");
        String other =
                gateway().get("/v1/runs/" + runs.get(2) + "/events?limit=5").text("next_cursor");
        expected.computeIfPresent(runs.get(0).value(), (_, events) -> events.subList(3, events.size()));
        expected.computeIfPresent(runs.get(2).value(), (_, events) -> events.subList(5, events.size()));
        String query = "&cursor=" + other + "&cursor=" + one;
        try (SseClient client = new SseClient(gateway().uri(path(runs) + query))) {
            assertThat(SseClient.byRun(client.awaitOver().frames())).isEqualTo(expected);
            // A client that connects again repeats the URL.
            String last = client.frames().getLast().id();
            assertThat(gateway().get(path(runs) + query, "Last-Event-ID", last).status())
                    .isEqualTo(204);
        }
        Refusal.check(gateway().get(path(runs) + "&cursor=" + one + "," + one), 400, "malformed_cursor", "cursor");
        Refusal.check(
                gateway().get(path(runs.subList(1, 3)), "Last-Event-ID", one), 400, "foreign_cursor", "Last-Event-ID");
    }

    @Test
    void aCursorOfSeveralRunsIsNoneOfOne() throws Exception {
        RunId run = finished().run();
        try (SseClient client = open(List.of(run)).awaitOver()) {
            Answer answer = gateway()
                    .get(
                            "/v1/runs/" + run + "/stream",
                            "Last-Event-ID",
                            client.frames().get(2).id());
            Refusal.check(answer, 400, "malformed_cursor", "Last-Event-ID");
            assertThat(answer.text("detail")).contains("/v1/streams");
        }
    }

    @Test
    void fromNowOnlyWhatComesAndThatAfterACutToo() throws Exception {
        Book one = Book.begun(log).lines(5);
        Book other = Book.begun(log).lines(5);
        List<RunId> runs = List.of(one.run(), other.run());
        try (SseClient client = new SseClient(gateway().uri(path(runs) + "&from=now"))) {
            String start = client.awaitFrame("stream.open").id();
            one.lines(2).complete().finishStage().completeRun();
            other.lines(3).complete().finishStage().completeRun();
            client.awaitOver();
            Map<String, List<String>> expected = alone(runs);
            expected.values().forEach(it -> it.subList(0, 9).clear());
            assertThat(SseClient.byRun(client.frames())).isEqualTo(expected);
            try (SseClient again =
                    new SseClient(gateways.get(1).uri(path(runs) + "&from=now"), "Last-Event-ID", start)) {
                assertThat(SseClient.byRun(again.awaitOver().frames())).isEqualTo(expected);
            }
        }
    }

    @Test
    void whatIsWrongWithTheRunsIsRefusedByName() {
        String known = finished().run().value();
        String unknown = "r-0123456789abcdef";
        String many = IntStream.range(0, 51).mapToObj(it -> "run=many-" + it).collect(Collectors.joining("&"));
        Refusal.check(gateway().get("/v1/streams"), 400, "missing_parameter", "run");
        Refusal.check(gateway().get("/v1/streams?run="), 400, "malformed_run_id", "run");
        Refusal.check(gateway().get("/v1/streams?run=" + known + "&run=NO"), 400, "malformed_run_id", "run");
        Refusal.check(gateway().get("/v1/streams?run=" + known + "," + known), 400, "repeated_value", "run");
        Refusal.check(gateway().get("/v1/streams?" + many), 400, "too_many", "run");
        Refusal.check(gateway().get("/v1/streams?run=" + known + "&from=then"), 400, "invalid_value", "from");
        Refusal.check(gateway().get("/v1/streams?run=" + known + "&view=canonical"), 400, "unknown_parameter", "view");
        // Until it is certain the stream is open, as one of a single run is.
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() ->
                        gateway().send("HEAD", "/v1/streams?run=" + unknown, "").status() == 404);
        Answer answer = gateway().get("/v1/streams?run=" + known + "&run=" + unknown);
        Refusal.check(answer, 404, "unknown_run", "");
        assertThat(answer.text("detail")).contains(unknown);
        Answer head = gateway().send("HEAD", "/v1/streams?run=" + known, "");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("content-type")).contains("text/event-stream");
    }

    private static String token(TestGateway gateway, RunId run, RunCursor cursor) {
        RunPlaces places = new RunPlaces();
        places.put(run, new RunPlace(cursor, true));
        return gateway.context().getBean(Cursors.class).token(places);
    }

    @Test
    void aCursorThatNoGatewayMadeForTheseRunsIsRefused() throws Exception {
        RunId run = finished().run();
        RunId other = finished().run();
        String good;
        try (SseClient client = open(List.of(run, other)).awaitOver()) {
            good = client.frames().get(4).id();
        }
        String bad = good.substring(0, 40) + (good.charAt(40) == 'A' ? 'B' : 'A') + good.substring(41);
        for (String each : List.of(
                "nonsense",
                "m1.",
                "m1.AAAA",
                "m1.%%%",
                "v2.AAAA",
                bad,
                good.substring(0, good.length() / 2),
                good + good.substring(3),
                "m1." + "A".repeat(RunsToken.MAX_LENGTH))) {
            Answer answer = gateway().get(path(List.of(run, other)), "Last-Event-ID", each);
            Refusal.check(answer, 400, "malformed_cursor", "Last-Event-ID");
            Refusal.check(
                    gateway().get(path(List.of(run)) + "&lastEventId=" + each.replace("%", "%25")),
                    400,
                    "malformed_cursor",
                    "lastEventId");
        }
        Refusal.check(
                gateway().get(path(List.of(finished().run())), "Last-Event-ID", good),
                400,
                "foreign_cursor",
                "Last-Event-ID");
    }

    @Test
    void aCursorThatNothingSealsResetsEachRunUntilItsClientKnows() throws Exception {
        List<RunId> runs = threeFinished();
        Map<String, List<String>> expected = alone(runs);
        RunPlaces places = new RunPlaces();
        for (RunId run : runs) {
            String cursor = gateway().get("/v1/runs/" + run + "/events?limit=4").text("next_cursor");
            places.put(run, new RunPlace(CursorToken.parse(cursor).claimed(), true));
        }
        String stranger = places.seal(Forgery.strangersKey(1));
        try (SseClient client = resume(runs, stranger).awaitOver()) {
            assertThat(SseClient.byRun(client.frames())).isEqualTo(expected);
            assertThat(client.frames().stream().filter(it -> it.event().equals("stream.reset")))
                    .hasSize(3)
                    .allMatch(it -> it.json().get("reason").asString().equals("key"));
            // Wherever it is cut, each run has its reset before it begins anew, and none again that had it.
            for (int cut = 0; cut < client.frames().size() - 2; cut++) {
                List<Frame> both = new ArrayList<>(client.frames().subList(0, cut + 1));
                try (SseClient rest = resume(runs, both.getLast().id()).awaitOver()) {
                    both.addAll(rest.frames());
                }
                assertThat(SseClient.byRun(both)).isEqualTo(expected);
                assertThat(both.stream()
                                .filter(it -> it.event().equals("stream.reset"))
                                .map(Frame::run))
                        .containsExactlyInAnyOrderElementsOf(
                                runs.stream().map(RunId::value).toList());
            }
        }
    }

    @Test
    void aCursorOfAnotherLogResetsItsRunAlone() throws Exception {
        Book book = finished();
        String foreign =
                token(gateway(), book.run(), RunCursor.beforeFirst(log.epoch() + 1, book.partition(), book.run()));
        List<RunId> runs = List.of(book.run(), finished().run());
        try (SseClient client = resume(runs, foreign).awaitOver()) {
            Frame reset = client.awaitFrame("stream.reset");
            assertThat(reset.run()).isEqualTo(book.run().value());
            assertThat(reset.json().get("reason").asString()).isEqualTo("epoch");
            assertThat(SseClient.byRun(client.frames())).isEqualTo(alone(runs));
        }
    }

    @Test
    void aLongRunHoldsUpNoOther() throws Exception {
        Book big = Book.begun(log);
        int lines = 600;
        for (int i = 0; i < lines; i++) {
            big.line("x".repeat(30_000));
        }
        big.complete().finishStage().completeRun();
        log.publish(big.view());
        RunId small = finished().run();
        List<RunId> runs = List.of(big.run(), small);
        // Slowly, or the long one may be written before the log has given the other.
        URI both = gateway().uri(path(runs));
        try (SseClient client = new SseClient(Duration.ofMillis(5), both).awaitOver()) {
            List<Frame> frames = client.frames();
            List<String> ends = frames.stream()
                    .filter(it -> it.event().equals("run.end"))
                    .map(Frame::run)
                    .toList();
            assertThat(ends).containsExactly(small.value(), big.run().value());
            assertThat(frames.stream()
                            .takeWhile(it -> !it.event().equals("run.end"))
                            .filter(it ->
                                    it.isNumbered() && it.run().equals(big.run().value())))
                    .hasSizeLessThan(lines);
            assertThat(SseClient.byRun(frames)).isEqualTo(alone(runs));
        }
    }

    @Test
    void fiftyRunsAreOneStream() throws Exception {
        List<RunId> runs =
                IntStream.range(0, 50).mapToObj(_ -> finished().run()).toList();
        Map<String, List<String>> expected = alone(runs);
        try (SseClient whole = open(runs).awaitOver()) {
            List<Frame> frames = whole.frames();
            assertThat(SseClient.byRun(frames)).isEqualTo(expected);
            assertThat(frames).allMatch(it -> it.id().length() < 4096);
            int cut = frames.size() / 2;
            try (SseClient rest = resume(runs, frames.get(cut).id()).awaitOver()) {
                List<Frame> both = new ArrayList<>(frames.subList(0, cut + 1));
                both.addAll(rest.frames());
                assertThat(SseClient.byRun(both)).isEqualTo(expected);
            }
            String query = path(runs) + "&cursor=" + frames.getLast().id();
            assertThat(gateway().get(query).status()).isEqualTo(204);
        }
    }
}
