package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.fuzz.HostileRecords;
import io.tailrace.events.fuzz.HostileRecords.Hostile;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.gateway.stream.SseClient.Frame;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Whatever somebody writes who may write to one topic of workers, over HTTP from a real log: each watcher's stream ends when
 * the spine says so and not before, all of them see the same frames, whether live, afterwards, or gone on from any of their
 * ids, each number once, and nobody is told of our insides.
 */
@SuppressWarnings("NullAway.Init")
class HostileLogProperties {
    private static final RunId GENERATED = new RunId("r-one");
    private static final int RESUMED = 4;
    private static final Pattern INSIDES =
            Pattern.compile("io\\.tailrace|java\\.|org\\.apache|[A-Za-z]+Exception|\\bat [a-z]+\\.[a-z]");

    private static KafkaLogUnderTest log;
    private static KafkaProducer<byte[], byte[]> workers;
    private static TestGateway gateway;

    /** One step of a run: something hostile, something honest, or the loss of a stage's end. */
    sealed interface Act {
        record Lie(Hostile hostile) implements Act {}

        record Work() implements Act {}

        record Loss(int events) implements Act {}
    }

    @BeforeContainer
    static void start() {
        String servers = TestKafka.shared().bootstrapServers();
        log = KafkaLogUnderTest.on(servers);
        workers = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers, ProducerConfig.LINGER_MS_CONFIG, "0"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        gateway = TestGateway.start();
    }

    @AfterContainer
    static void stop() {
        gateway.close();
        workers.close(Duration.ofSeconds(5));
        log.close();
    }

    @Property(tries = 10, seed = "20261201", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void watchersOfBuildsSeeTheSame(@ForAll("ofBuilds") List<Act> acts) throws Exception {
        isToldAlike(HonestSide.BUILDS, acts);
    }

    @Property(tries = 10, seed = "20261202", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void watchersOfTurnsSeeTheSame(@ForAll("ofTurns") List<Act> acts) throws Exception {
        isToldAlike(HonestSide.TURNS, acts);
    }

    private static void isToldAlike(HonestSide side, List<Act> acts) throws Exception {
        HostileRun run = new HostileRun(log, workers, side.topic, GENERATED.value());
        try (SseClient live = open(run)) {
            for (Act act : acts) {
                switch (act) {
                    case Act.Lie(Hostile hostile) -> run.write(hostile);
                    case Act.Work() -> run.honest(side);
                    case Act.Loss(int events) -> run.loseTheEnd(events);
                }
            }
            assertThat(live.frames()).extracting(Frame::event).doesNotContain("stream.end");
            run.end(side);
            List<Frame> seen = told(live);
            eachNumberOnce(seen, run.sequence());
            try (SseClient replay = open(run)) {
                assertThat(told(replay)).isEqualTo(seen);
            }
            // A gap has the id of what lies before it, after which it comes again.
            List<Integer> numbered = IntStream.range(0, seen.size())
                    .filter(it -> seen.get(it).isNumbered())
                    .boxed()
                    .toList();
            for (int i = 0; i < RESUMED; i++) {
                int at = numbered.get(i * (numbered.size() - 2) / (RESUMED - 1));
                try (SseClient resumed = open(run, "Last-Event-ID", seen.get(at).id())) {
                    assertThat(told(resumed)).isEqualTo(seen.subList(at + 1, seen.size()));
                }
            }
        }
    }

    private static SseClient open(HostileRun run, String... headers) throws Exception {
        SseClient client = new SseClient(gateway.uri("/v1/runs/" + run.id() + "/stream"), headers);
        assertThat(client.status()).isEqualTo(200);
        return client;
    }

    /** All that has a place in the order, and the end. */
    private static List<Frame> told(SseClient client) {
        List<Frame> frames = client.awaitOver().frames();
        assertThat(frames).last().extracting(Frame::event).isEqualTo("stream.end");
        assertThat(frames)
                .allSatisfy(it -> assertThat(INSIDES.matcher(it.data()).find())
                        .as(it.data())
                        .isFalse());
        return frames.stream()
                .filter(it -> !it.event().equals("stream.open") && !it.event().equals("run.notice"))
                .map(it -> new Frame(it.event(), it.data(), it.id(), ""))
                .toList();
    }

    private static void eachNumberOnce(List<Frame> frames, long last) {
        long next = 1;
        for (Frame frame : frames) {
            if (frame.isNumbered()) {
                assertThat(frame.json().get("sequence").asLong()).isEqualTo(next++);
            } else if (frame.event().equals("stream.gap")) {
                assertThat(frame.json().get("from").asLong()).isEqualTo(next);
                next = frame.json().get("to").asLong() + 1;
            } else {
                assertThat(frame.event()).isEqualTo("stream.end");
            }
        }
        assertThat(next).isEqualTo(last + 1);
    }

    @Provide
    Arbitrary<List<Act>> ofBuilds() {
        return acts(HonestSide.BUILDS);
    }

    @Provide
    Arbitrary<List<Act>> ofTurns() {
        return acts(HonestSide.TURNS);
    }

    private static Arbitrary<List<Act>> acts(HonestSide side) {
        StageId first = StageId.of(GENERATED, 1);
        Arbitrary<Act> lies = HostileRecords.in(
                        side.topic, side.abort(first), first, StageId.of(GENERATED, 2), StageId.of(GENERATED, 3))
                .map(Act.Lie::new);
        Arbitrary<Act> losses = Arbitraries.integers().between(1, 9).map(Act.Loss::new);
        return Arbitraries.frequencyOf(
                        Tuple.of(24, lies), Tuple.of(8, Arbitraries.just(new Act.Work())), Tuple.of(1, losses))
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }
}
