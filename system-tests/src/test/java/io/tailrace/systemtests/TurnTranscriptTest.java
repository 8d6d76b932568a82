package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The stream of a whole turn, byte by byte, is kept below {@code system-tests/target/transcripts} for everybody to look at. */
class TurnTranscriptTest {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Path FOLDER = Path.of("target", "transcripts");

    private final Gateway gateway = SharedStack.gateway(1);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void theStoredBytesOfATurnAreItsEvents() throws Exception {
        Chat chat = Chat.create(gateway, Map.of("provider", "scripted", "system", "Be brief."));
        Path file = Files.createDirectories(FOLDER).resolve("turn.sse");
        try (HttpClient client = HttpClient.newHttpClient();
                EventStream live = chat.stream()) {
            chat.submit(
                    "Say hello.",
                    Map.of(
                            "reasoning",
                            "A greeting is asked for.",
                            "text",
                            List.of("Hel", "lo,\n\nwor", "ld: ça va? \"👋\""),
                            "pace_ms",
                            60,
                            "tool_calls",
                            List.of(Map.of("name", "wave", "arguments", Map.of("hands", 2)))));
            live.await("stage.finished", SOON);
            chat.close();
            live.awaitEnd(SOON);
            HttpResponse<Path> stored = client.send(
                    HttpRequest.newBuilder(gateway.uri("/v1/runs/" + chat.run + "/stream"))
                            .header("Accept", "text/event-stream")
                            .build(),
                    BodyHandlers.ofFile(file));

            assertThat(stored.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            List<Frame> frames;
            try (InputStream in = Files.newInputStream(file)) {
                frames = EventStream.parse(in);
            }
            assertThat(frames.getFirst().event()).isEqualTo("stream.open");
            assertThat(frames.getLast().event()).isEqualTo("stream.end");
            List<Frame> numbered = frames.stream().filter(Frame::isNumbered).toList();
            assertThat(numbered.stream().map(Frame::json)).isEqualTo(chat.events());
            assertThat(numbered)
                    .as("live or replayed: the same ids, names and data")
                    .isEqualTo(live.numbered());
            assertThat(numbered.stream().map(Frame::lastEventId)).doesNotHaveDuplicates();
            inOrder(numbered);
            resumedFromEachId(chat, numbered);
        }
    }

    private static void inOrder(List<Frame> numbered) {
        List<String> names = numbered.stream().map(Frame::event).toList();
        assertThat(names).containsSubsequence("turn.started", "context.built", "model.delta", "turn.usage");
        assertThat(names.lastIndexOf("model.delta")).isLessThan(names.indexOf("turn.usage"));
        assertThat(names.indexOf("turn.usage")).isLessThan(names.indexOf("turn.completed"));
        assertThat(names).containsOnlyOnce("turn.started", "turn.completed").doesNotContain("turn.failed");
    }

    /** Each stored id is a place to go on from: the rest is what stands behind it in the file. */
    private void resumedFromEachId(Chat chat, List<Frame> numbered) {
        for (int i = 0; i < numbered.size() - 1; i += 3) {
            try (EventStream rest = gateway.resume(chat.run, numbered.get(i).lastEventId())) {
                rest.awaitEnd(SOON);
                List<JsonNode> expected = new ArrayList<>();
                numbered.subList(i + 1, numbered.size()).forEach(it -> expected.add(it.json()));
                assertThat(rest.events()).isEqualTo(expected);
            }
        }
    }
}
