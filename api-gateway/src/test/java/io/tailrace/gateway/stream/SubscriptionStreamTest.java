package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.stream.SseClient.Frame;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.Book;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client gets who watches the runs of a stored subscription, of which there are more than a cursor has room for. */
@Timeout(300)
class SubscriptionStreamTest extends TwoGateways {
    private List<RunId> finished(int count) {
        return IntStream.range(0, count).mapToObj(_ -> finished().run()).toList();
    }

    private static String name() {
        return "s-" + UUID.randomUUID();
    }

    private static String path(String name) {
        return "/v1/subscriptions/" + name;
    }

    private Answer put(String name, List<RunId> runs) {
        String body = runs.stream().map(it -> "\"" + it + "\"").collect(Collectors.joining(",", "{\"runs\":[", "]}"));
        return gateway().put(path(name), body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }

    private String stored(List<RunId> runs) {
        String name = name();
        Answer answer = put(name, runs);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return name;
    }

    private SseClient open(int gateway, String name, String last) throws Exception {
        String[] headers = last.isEmpty() ? new String[0] : new String[] {"Last-Event-ID", last};
        return new SseClient(gateways.get(gateway).uri(path(name) + "/stream"), headers);
    }

    /** What the streams of the runs say, fifty at a time. */
    private Map<String, List<String>> alone(List<RunId> runs) throws Exception {
        Map<String, List<String>> expected = new HashMap<>();
        for (int from = 0; from < runs.size(); from += 50) {
            String query = runs.subList(from, Math.min(runs.size(), from + 50)).stream()
                    .map(it -> "run=" + it)
                    .collect(Collectors.joining("&"));
            try (SseClient some = new SseClient(gateway().uri("/v1/streams?" + query))) {
                expected.putAll(SseClient.byRun(some.awaitOver().frames()));
            }
        }
        return expected;
    }

    private static Set<String> runsReset(List<Frame> frames) {
        return frames.stream()
                .filter(it -> it.event().equals("stream.reset"))
                .map(Frame::run)
                .collect(Collectors.toSet());
    }

    @Test
    void manyRunsCutAtManyFramesLoseNothingAndRepeatNothing() throws Exception {
        List<RunId> runs = finished(140);
        Map<String, List<String>> expected = alone(runs);
        String name = stored(runs);
        try (SseClient whole = open(0, name, "").awaitOver()) {
            List<Frame> frames = whole.frames();
            assertThat(SseClient.byRun(frames)).isEqualTo(expected);
            assertThat(frames.stream().mapToInt(it -> it.id().length()).max().orElseThrow())
                    .isLessThan(4096);
            Random random = new Random(1);
            for (int i = 0; i < 5; i++) {
                int cut = random.nextInt(frames.size() - 2);
                try (SseClient rest = open(i % 2, name, frames.get(cut).lastEventId())) {
                    List<Frame> both = new ArrayList<>(frames.subList(0, cut + 1));
                    both.addAll(rest.awaitOver().frames());
                    assertThat(runsReset(both)).isEmpty();
                    assertThat(SseClient.byRun(both))
                            .as("cut behind frame " + cut)
                            .isEqualTo(expected);
                }
            }
            for (TestGateway each : gateways) {
                assertThat(each.get(
                                        path(name) + "/stream",
                                        "Last-Event-ID",
                                        frames.getLast().id())
                                .status())
                        .isEqualTo(204);
            }
        }
    }

    @Test
    void liveRunsCutAgainAndAgainLoseNothingAndRepeatNothingAtWhateverGateway() throws Exception {
        Random random = new Random(7);
        List<Book> books =
                IntStream.range(0, 120).mapToObj(_ -> Book.begun(log)).toList();
        List<RunId> runs = books.stream().map(Book::run).toList();
        books.forEach(it -> log.publish(it.view()));
        String name = stored(runs);
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(books, new Random(8)));
        List<Frame> taken = new ArrayList<>();
        String last = "";
        boolean ended = false;
        while (!ended) {
            try (SseClient client = open(random.nextInt(2), name, last)) {
                if (client.status() == 204) {
                    break;
                }
                int keep = 1 + random.nextInt(200);
                client.await(it -> it.frames().size() >= keep
                        || it.frames().stream().anyMatch(frame -> frame.event().equals("stream.end")));
                List<Frame> got = client.frames();
                List<Frame> kept = got.subList(0, Math.min(keep, got.size()));
                taken.addAll(kept);
                last = kept.getLast().lastEventId();
                ended = kept.getLast().event().equals("stream.end");
            }
        }
        writing.join();
        assertThat(runsReset(taken)).isEmpty();
        assertThat(SseClient.byRun(taken)).isEqualTo(alone(runs));
    }

    private static void write(List<Book> books, Random random) {
        for (int i = 0; i < 600; i++) {
            books.get(random.nextInt(books.size())).lines(1 + random.nextInt(3));
        }
        books.forEach(it -> it.complete().finishStage().completeRun());
    }

    @Test
    void aSubscriptionThatIsChangedKeepsThePlacesOfTheRunsThatStay() throws Exception {
        List<RunId> runs = finished(70);
        String name = stored(runs);
        try (SseClient whole = open(0, name, "").awaitOver()) {
            List<Frame> frames = whole.frames();
            int cut = frames.size() * 2 / 3;
            List<RunId> others = new ArrayList<>(runs.subList(10, 70));
            others.addAll(finished(5));
            assertThat(put(name, others).status()).isEqualTo(200);
            try (SseClient rest = open(1, name, frames.get(cut).id()).awaitOver()) {
                List<Frame> both = new ArrayList<>(frames.subList(0, cut + 1));
                both.addAll(rest.frames());
                Map<String, List<String>> got = SseClient.byRun(both);
                runs.subList(0, 10).forEach(it -> got.remove(it.value()));
                assertThat(got).isEqualTo(alone(others));
            }
        }
    }

    @Test
    void anOpenStreamEndsWhenItsSubscriptionIsChangedOrDeleted() throws Exception {
        Book running = Book.begun(log);
        log.publish(running.view());
        String name = stored(List.of(running.run()));
        try (SseClient client = open(1, name, "")) {
            client.awaitFrame("stream.open");
            assertThat(gateway().send("DELETE", path(name), "").status()).isEqualTo(204);
            client.awaitOver();
            assertThat(client.frames()).noneMatch(it -> it.event().equals("stream.end"));
        }
        Refusal.check(gateways.get(1).get(path(name) + "/stream"), 404, "unknown_subscription", "");
    }

    /** Only what the lost checkpoint said is begun anew; what the cursor itself says is kept. */
    @Test
    void aCheckpointThatTheLogHasNoMoreResetsTheRunsThatItAloneKnew() throws Exception {
        List<RunId> runs = finished(100);
        String name = stored(runs);
        Map<String, List<String>> expected = alone(runs);
        try (SseClient whole = open(0, name, "").awaitOver()) {
            List<Frame> frames = whole.frames();
            int cut = frames.size() - 20;
            forgetCheckpoints();
            try (SseClient rest = open(1, name, frames.get(cut).id()).awaitOver()) {
                Set<String> reset = runsReset(rest.frames());
                assertThat(reset).isNotEmpty();
                Map<String, List<String>> before = SseClient.byRun(frames.subList(0, cut + 1));
                Map<String, List<String>> after = SseClient.byRun(rest.frames());
                expected.forEach((run, events) -> {
                    List<String> got = new ArrayList<>(reset.contains(run) ? List.of() : before.get(run));
                    got.addAll(after.getOrDefault(run, List.of()));
                    assertThat(got).as(run).isEqualTo(events);
                });
                assertThat(new HashSet<>(expected.keySet())).containsAll(reset);
            }
        }
    }

    private static void forgetCheckpoints() throws ExecutionException, InterruptedException {
        TopicPartition checkpoints = new TopicPartition("tailrace.checkpoints", 0);
        Properties settings = new Properties();
        settings.put("bootstrap.servers", TestKafka.shared().bootstrapServers());
        try (Admin admin = Admin.create(settings)) {
            long end = admin.listOffsets(Map.of(checkpoints, OffsetSpec.latest()))
                    .partitionResult(checkpoints)
                    .get()
                    .offset();
            admin.deleteRecords(Map.of(checkpoints, RecordsToDelete.beforeOffset(end)))
                    .all()
                    .get();
        }
    }

    @Test
    void whatIsNoCursorOfTheseRunsIsRefused() throws Exception {
        List<RunId> runs = finished(60);
        String name = stored(runs);
        String id;
        try (SseClient whole = open(0, name, "").awaitOver()) {
            id = whole.frames().getLast().id();
        }
        String last = "Last-Event-ID";
        String changed = id.substring(0, id.length() - 3) + (id.endsWith("AAA") ? "BBB" : "AAA");
        TestGateway at = gateways.get(1);
        Refusal.check(at.get(path(name) + "/stream", last, changed), 400, "malformed_cursor", last);
        String other = stored(finished(2));
        Refusal.check(at.get(path(other) + "/stream", last, id), 400, "foreign_cursor", last);
        Refusal.check(at.get("/v1/streams?run=" + runs.getFirst(), last, id), 400, "malformed_cursor", last);
        Refusal.check(at.get("/v1/runs/" + runs.getFirst() + "/stream", last, id), 400, "malformed_cursor", last);
    }

    @Test
    void runsThatThereAreNotAreNamedWhenItIsStored() {
        RunId known = finished().run();
        Answer answer = put(name(), List.of(known, new RunId("r-0123456789abcdef")));
        Refusal.check(answer, 422, "unknown_run", "runs");
        assertThat(answer.text("detail")).contains("r-0123456789abcdef").doesNotContain(known.value());
        Refusal.check(put(name(), List.of(known, known)), 400, "repeated_value", "runs[1]");
        Refusal.check(put(name(), List.of()), 400, "too_few", "runs");
        assertThat(put("-", List.of(known)).status()).isEqualTo(400);
    }

    @Test
    void storingTheSameAgainChangesNothing() {
        List<RunId> runs = finished(3);
        String name = stored(runs);
        String before = gateways.get(1).get(path(name)).body();
        assertThat(put(name, runs).status()).isEqualTo(200);
        assertThat(gateways.get(1).get(path(name)).body()).isEqualTo(before).contains("\"ended_count\":3");
    }
}
