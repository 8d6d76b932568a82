package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whatever dies while a turn is answered: one terminal record by the holder, no gap, the same for everybody, no hung run. */
class ChatKillTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int WORDS = 60;

    private final Gateway gateway = SharedStack.gateway(1);
    private final Chat chat = Chat.create(gateway, "reject");

    @AfterEach
    void heal() throws Exception {
        SharedStack.heal();
    }

    @Test
    void theWorkerIsKilledBeforeTheFirstDelta() throws Exception {
        try (EventStream stream = chat.stream()) {
            chat.submit("Hello", Map.of("text", "after all", "first_delay_ms", 4000));
            Frame claim = stream.await("attempt.started", SOON);
            SharedStack.member(workerOf(claim)).kill();
            finish(stream, "after all");
        }
    }

    @Test
    void theWorkerIsKilledBetweenDeltasAndWatchersSeeWhatIsSuperseded() throws Exception {
        try (EventStream stream = chat.stream()) {
            chat.submit("Hello", Chat.words(WORDS, 60));
            stream.await(it -> it.event().equals("model.delta") && it.data().contains("w10 "), SOON);
            Frame first =
                    stream.find(it -> it.event().equals("attempt.started")).orElseThrow();
            SharedStack.member(workerOf(first)).kill();
            Frame second = stream.await(
                    it -> it.event().equals("attempt.started")
                            && it.json().get("attempt").asInt() == 2,
                    SOON);
            assertThat(second.json().at("/payload/supersedes_from_sequence").asLong())
                    .isEqualTo(first.sequence());
            finish(stream, Chat.text(WORDS));
            List<JsonNode> used = stream.events().stream()
                    .filter(it -> it.get("type").asString().equals("turn.usage"))
                    .toList();
            assertThat(used)
                    .extracting(it -> it.at("/payload/billing").asString())
                    .containsExactly("lost_attempt", "billed");
            JsonNode billed = used.getLast().at("/payload/usage");
            assertThat(used.getFirst().at("/payload/usage/output_tokens").asLong())
                    .isPositive();
            Frame completed = stream.await("turn.completed", SOON);
            assertThat(completed.json().at("/payload/content/usage")).isEqualTo(billed);
            assertThat(chat.messages().at("/turns/0/usage")).isEqualTo(billed);
        }
    }

    @Test
    void aStoppedWorkerThatWakesUpLateWritesNothingThatAnybodySees() throws Exception {
        try (EventStream stream = chat.stream()) {
            chat.submit("Hello", Chat.words(WORDS, 60));
            stream.await("model.delta", SOON);
            String sleeper = workerOf(
                    stream.find(it -> it.event().equals("attempt.started")).orElseThrow());
            SharedStack.member(sleeper).pause();
            try {
                stream.await(
                        it -> it.event().equals("attempt.started")
                                && it.json().get("attempt").asInt() == 2,
                        SOON);
            } finally {
                SharedStack.member(sleeper).resume();
            }
            finish(stream, Chat.text(WORDS));
        }
    }

    @Test
    void theWorkerThatShutsDownGivesItsTurnBackAtOnce() throws Exception {
        try (EventStream stream = chat.stream()) {
            chat.submit("Hello", Chat.words(WORDS, 60));
            stream.await("model.delta", SOON);
            SharedStack.member(workerOf(stream.find(it -> it.event().equals("attempt.started"))
                            .orElseThrow()))
                    .stop();
            finish(stream, Chat.text(WORDS));
            assertThat(stream.find(it -> it.event().equals("stage.redispatched"))
                            .orElseThrow()
                            .json()
                            .at("/payload/reason")
                            .asString())
                    .isEqualTo("released");
        }
    }

    @Test
    void theCoordinatorIsKilledWhileATurnIsAnswered() throws Exception {
        try (EventStream stream = chat.stream()) {
            chat.submit("Hello", Chat.words(WORDS, 30));
            stream.await("model.delta", SOON);
            SharedStack.member("coordinator-1").kill();
            stream.await("turn.completed", SOON);
            SharedStack.member("coordinator-1").start();
            finish(stream, Chat.text(WORDS));
            assertThat(ChatTest.types(stream.events())).doesNotContain("stage.redispatched");
        }
    }

    @Test
    void theWorkerIsKilledWhenItsTurnHasJustEnded() throws Exception {
        try (EventStream stream = chat.stream()) {
            chat.submit("Hello", Chat.words(5, 10));
            Frame completed = stream.await("turn.completed", SOON);
            SharedStack.member(workerOf(completed)).kill();
            finish(stream, Chat.text(5));
            assertThat(ChatTest.types(stream.events())).doesNotContain("stage.redispatched");
        }
    }

    @Test
    void theCoordinatorIsKilledBetweenDispatchAndStart() throws Exception {
        SharedStack.member("turn-worker-1").stop();
        SharedStack.member("turn-worker-2").stop();
        try (EventStream stream = chat.stream()) {
            chat.submit("Hello", Chat.words(5, 10));
            stream.await("stage.requested", SOON);
            SharedStack.member("coordinator-1").kill();
            SharedStack.member("turn-worker-1").start();
            stream.await("turn.completed", SOON);
            SharedStack.member("coordinator-1").start();
            finish(stream, Chat.text(5));
            assertThat(ChatTest.types(stream.events()).stream().filter("attempt.started"::equals))
                    .hasSize(1);
        }
    }

    @Test
    void theBrokerIsKilledAndStartedAgain() throws Exception {
        try (EventStream stream = chat.stream()) {
            chat.submit("Hello", Chat.words(WORDS, 60));
            stream.await("model.delta", SOON);
            SharedStack.member("broker-1").kill();
            assertThat(chat.trySubmit("Meanwhile", Map.of()).statusCode()).isEqualTo(503);
            SharedStack.member("broker-1").start();
            finish(stream, Chat.text(WORDS));
        }
    }

    @Test
    void theGatewayIsKilledWhileFiftyClientsWatch() throws Exception {
        Gateway second = SharedStack.gateway(2);
        List<EventStream> cut = new ArrayList<>();
        try (EventStream uncut = second.stream(chat.run)) {
            for (int i = 0; i < 50; i++) {
                cut.add(chat.stream());
            }
            chat.submit("Hello", Chat.words(WORDS, 60));
            for (EventStream stream : cut) {
                stream.await("model.delta", SOON);
            }
            SharedStack.member("gateway-1").kill();
            uncut.await("stage.finished", SOON);
            for (EventStream stream : cut) {
                stream.awaitOver(SOON);
                try (EventStream rest = second.resume(chat.run, stream.lastEventId())) {
                    rest.await("stage.finished", SOON);
                    List<JsonNode> all = new ArrayList<>(stream.events());
                    all.addAll(rest.events());
                    assertThat(all).isEqualTo(uncut.events());
                }
            }
            KillTest.assertGapFree(uncut.events());
            assertThat(Chat.folded(uncut.events()).values()).containsExactly(Chat.text(WORDS));
        } finally {
            cut.forEach(EventStream::close);
        }
    }

    /** The turn ends, once, with this answer, and everybody reads the same. */
    private void finish(EventStream stream, String answer) {
        stream.await("stage.finished", SOON);
        List<JsonNode> events = stream.events();
        KillTest.assertGapFree(events);
        assertThat(ChatTest.types(events).stream()
                        .filter(it -> it.equals("turn.completed") || it.equals("turn.failed")))
                .containsExactly("turn.completed");
        assertThat(Chat.folded(events).values()).containsExactly(answer);
        JsonNode completed = events.stream()
                .filter(it -> it.get("type").asString().equals("turn.completed"))
                .findFirst()
                .orElseThrow();
        assertThat(completed.at("/payload/content/message/text").asString()).isEqualTo(answer);
        assertThat(gateway.events(chat.run)).isEqualTo(events);
        gateway.awaitStatus(chat.run, "idle", SOON);
    }

    /** The stack's name of the worker that wrote this. */
    static String workerOf(Frame claim) {
        String id = claim.json().get("worker_id").asString();
        return id.startsWith("turn-worker-1") ? "turn-worker-1" : "turn-worker-2";
    }
}
