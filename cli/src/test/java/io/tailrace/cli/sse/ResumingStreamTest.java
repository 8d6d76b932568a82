package io.tailrace.cli.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.cli.sse.ScriptedServer.Answer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 90, unit = TimeUnit.SECONDS)
class ResumingStreamTest {

    private static final String OPEN = "retry: 10\nevent: stream.open\ndata: {}\nid: c0\n\n";
    private static final String END = "event: stream.end\ndata: {}\nid: end\n\n";

    private final Recorder recorder = new Recorder();

    @Test
    void readsToTheEnd() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.stream(OPEN + event(1) + event(2) + END))) {
            follow(server, Optional.empty());
            assertThat(recorder.seen).containsExactly("stream.open", "e1", "e2", "stream.end");
            assertThat(server.asked()).containsExactly("GET /stream");
        }
    }

    @Test
    void goesOnAfterTheLastWholeFrameWhenTheConnectionIsLost() throws Exception {
        String half = event(3).substring(0, event(3).length() - 1);
        try (ScriptedServer server = new ScriptedServer(
                Answer.stream(OPEN + event(1) + event(2) + half), Answer.stream(OPEN + event(3) + END))) {
            follow(server, Optional.empty());
            assertThat(recorder.seen).containsExactly("stream.open", "e1", "e2", "stream.open", "e3", "stream.end");
            assertThat(server.asked()).containsExactly("GET /stream", "GET /stream after c2");
        }
    }

    @Test
    void resumesFromTheOpeningFrameWhenNothingElseHadArrived() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.stream(OPEN), Answer.stream(event(1) + END))) {
            follow(server, Optional.empty());
            assertThat(server.asked()).containsExactly("GET /stream", "GET /stream after c0");
        }
    }

    @Test
    void startsAfterAGivenCursor() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.stream(event(8) + END))) {
            follow(server, Optional.of("c7"));
            assertThat(server.asked()).containsExactly("GET /stream after c7");
        }
    }

    @Test
    void aFrameAfterTheCutIsNotTakenFromTheOldConnection() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                Answer.stream(OPEN + event(1) + event(2)).hanging(), Answer.stream(event(2) + END))) {
            recorder.cutAfter = "e1";
            follow(server, Optional.empty());
            assertThat(recorder.seen).containsExactly("stream.open", "e1", "e2", "stream.end");
            assertThat(server.asked()).containsExactly("GET /stream", "GET /stream after c1");
        }
    }

    @Test
    void aFinishedRunIsComplete() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.of(204, ""))) {
            follow(server, Optional.of("end"));
            assertThat(recorder.seen).isEmpty();
        }
    }

    @Test
    void triesAgainWhenTheGatewayIsBusyOrDraining() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                Answer.of(503, "{}").with("Retry-After", "0"),
                Answer.of(429, "{}").with("Retry-After", "0"),
                Answer.stream(event(1) + END))) {
            follow(server, Optional.empty());
            assertThat(recorder.seen).containsExactly("e1", "stream.end");
            assertThat(recorder.lost).containsExactly("the gateway answered 503", "the gateway answered 429");
        }
    }

    @Test
    void doesNotTryAgainWhatWillNeverWork() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Answer.of(400, "{\"code\":\"malformed_cursor\"}"))) {
            assertThatThrownBy(() -> follow(server, Optional.of("nonsense")))
                    .isInstanceOfSatisfying(StreamRefused.class, refused -> {
                        assertThat(refused.status()).isEqualTo(400);
                        assertThat(refused.body()).contains("malformed_cursor");
                    });
        }
    }

    @Test
    void givesUpAConnectionOnWhichNothingIsHeard() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(Answer.stream(OPEN + event(1)).hanging(), Answer.stream(event(2) + END))) {
            new ResumingStream(
                            HttpClient.newHttpClient(),
                            server.address().resolve("/stream"),
                            Optional.empty(),
                            Duration.ofSeconds(3),
                            Duration.ofMinutes(1))
                    .follow(recorder);
            assertThat(recorder.lost).containsExactly("nothing was heard for 3 s");
            assertThat(server.asked()).containsExactly("GET /stream", "GET /stream after c1");
        }
    }

    private static ResumingStream whereNobodyAnswers(Duration patience) throws Exception {
        ScriptedServer server = new ScriptedServer();
        server.close();
        return new ResumingStream(
                HttpClient.newHttpClient(),
                server.address().resolve("/stream"),
                Optional.empty(),
                Duration.ofSeconds(5),
                patience);
    }

    @Test
    void losesPatienceWhenNobodyAnswers() throws Exception {
        ResumingStream stream = whereNobodyAnswers(Duration.ZERO);

        assertThatThrownBy(() -> stream.follow(recorder)).isInstanceOf(IOException.class);
        assertThat(recorder.lost).containsExactly("nobody answers there");
    }

    @Test
    void saysAtOnceThatNobodyAnswersAndHowLongItGoesOnTrying() throws Exception {
        ResumingStream stream = whereNobodyAnswers(Duration.ofSeconds(5));

        assertThatThrownBy(() -> stream.follow(recorder)).isInstanceOf(IOException.class);
        assertThat(recorder.left).hasSizeGreaterThan(1).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(recorder.left.getFirst()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(5));
    }

    private void follow(ScriptedServer server, Optional<String> cursor) throws IOException, InterruptedException {
        new ResumingStream(
                        HttpClient.newHttpClient(),
                        server.address().resolve("/stream"),
                        cursor,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20))
                .follow(recorder);
    }

    private static String event(int number) {
        return "event: e" + number + "\ndata: {\"sequence\":" + number + "}\nid: c" + number + "\n\n";
    }

    private static final class Recorder implements FrameReader {
        private final List<String> seen = new ArrayList<>();
        private final List<String> lost = new ArrayList<>();
        private final List<Duration> left = new ArrayList<>();
        private String cutAfter = "";

        @Override
        public Next frame(SseFrame frame) {
            seen.add(frame.event());
            return frame.event().equals(cutAfter) ? Next.CUT : Next.GO_ON;
        }

        @Override
        public void disconnected(String reason, Duration patience) {
            lost.add(reason);
            left.add(patience);
        }
    }
}
