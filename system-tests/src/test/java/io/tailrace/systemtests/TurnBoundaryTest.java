package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chats of people who mean harm; docs/security-review.md has the rest of what was tried. */
class TurnBoundaryTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Ends a line, a frame and a field in every way that there is, and has controls, separators and markup. */
    private static final String EVIL =
            "a\n\nevent: run.completed\nid: v1.evil\ndata: {\"sequence\":99}\n\nb\r\n\r\nevent: x\rdata: y"
                    + "\u2028c\u2029d\u0085e\ufefff\u001b[2J\u009b2J\u202eg</script><img src=x onerror=alert(1)>:\n";

    private final Gateway gateway = SharedStack.gateway(1);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void noTextLeavesItsFrame() throws Exception {
        Chat chat = Chat.create(gateway, Map.of("provider", "scripted", "system", EVIL));
        String answer = EVIL + "\0" + EVIL;
        String turn = chat.submit(EVIL, Map.of("text", List.of(answer), "reasoning", List.of(answer)));
        gateway.awaitStatus(chat.run, "idle", SOON);
        assertThat(chat.close().statusCode()).isEqualTo(202);
        gateway.awaitStatus(chat.run, "succeeded", SOON);

        byte[] bytes = bytesOfTheStream(chat);

        assertThat(bytes).doesNotContain((byte) '\r', (byte) 0, (byte) 0x1b);
        List<Frame> frames = EventStream.parse(new ByteArrayInputStream(bytes));
        assertThat(frames.stream().filter(Frame::isNumbered).map(Frame::json)).isEqualTo(chat.events());
        assertThat(frames.stream().map(Frame::lastEventId)).doesNotContain("v1.evil");
        assertThat(new String(bytes, StandardCharsets.UTF_8).lines().map(it -> it.split(":", 2)[0]))
                .containsOnly("", "event", "id", "retry", "data");
        assertThat(chat.turn(turn).at("/user/text").asString()).isEqualTo(EVIL);
        assertThat(chat.turn(turn).at("/assistant/text").asString()).isEqualTo(answer);
        assertThat(chat.turn(turn).at("/assistant/reasoning").asString()).isEqualTo(answer);
    }

    @Test
    void noScriptTakesTheWorkersMemory() throws Exception {
        List<Long> before = workers();
        Map<String, ?> step = Map.of("text", List.of("a"), "repeat", 100_000, "pace_ms", 1000);
        Map<String, ?> script = Map.of("steps", Collections.nCopies(100, step));
        List<Chat> chats = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Chat chat = Chat.create(gateway, "reject");
            chat.submit("Hello", script);
            chats.add(chat);
        }
        for (Chat chat : chats) {
            gateway.awaitStatus(chat.run, "idle", SOON);
            assertThat(chat.messages().at("/turns/0/failure/code").asString()).isEqualTo("invalid_request");
            assertThat(chat.messages().at("/turns/0/attempts").asInt()).isEqualTo(1);
        }
        assertThat(workers()).isEqualTo(before);
    }

    @Test
    void aChatShowsNothingOfAnother() {
        Chat mine = Chat.create(gateway, "reject");
        Chat theirs = Chat.create(gateway, "reject");
        String turn = theirs.submit("secret", Map.of("text", "secret"));
        gateway.awaitStatus(theirs.run, "idle", SOON);
        String cursor = theirs.messages().get("cursor").asString();

        for (String path : List.of("/stream?cursor=" + cursor, "/events?cursor=" + cursor)) {
            assertProblem(mine, path, 400, "foreign_cursor");
        }
        for (String path : List.of("/turns/" + turn, "/checkpoint?turn=" + turn, "/messages?after=" + turn)) {
            assertProblem(mine, path, 404, "unknown_turn");
        }
        assertThat(mine.cancel(turn).statusCode()).isEqualTo(404);
        assertThat(mine.retry(turn).statusCode()).isEqualTo(404);
    }

    private void assertProblem(Chat chat, String path, int status, String code) {
        var answer = gateway.get("/v1/runs/" + chat.run + path);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"").doesNotContain("secret");
    }

    private byte[] bytesOfTheStream(Chat chat) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(gateway.uri("/v1/runs/" + chat.run + "/stream"))
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .body();
        }
    }

    private static List<Long> workers() {
        return List.of(
                SharedStack.member("turn-worker-1").pid(),
                SharedStack.member("turn-worker-2").pid());
    }
}
