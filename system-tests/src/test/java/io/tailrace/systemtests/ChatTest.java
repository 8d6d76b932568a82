package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Chats over real processes, answered by the scripted provider. */
class ChatTest {
    private static final Duration SOON = Duration.ofSeconds(40);

    private final Gateway gateway = SharedStack.gateway(1);

    @AfterEach
    void heal() throws Exception {
        SharedStack.heal();
    }

    @Test
    void aTurnStreamsInItsOrderAndIsReadBack() throws Exception {
        Chat chat = Chat.create(gateway, "reject");
        try (EventStream stream = chat.stream()) {
            String turn = chat.submit(
                    "Hello", Map.of("text", List.of("Good ", "morning."), "usage", Map.of("input", 7, "output", 3)));
            stream.await("stage.finished", SOON);
            List<String> types = types(stream.events());
            assertThat(types.stream().distinct())
                    .containsExactly(
                            "run.created",
                            "run.started",
                            "turn.submitted",
                            "stage.requested",
                            "attempt.started",
                            "turn.started",
                            "context.built",
                            "turn.checkpointed",
                            "model.delta",
                            "turn.usage",
                            "turn.completed",
                            "stage.finished");
            assertThat(Chat.folded(stream.events()).values()).containsExactly("Good morning.");
            KillTest.assertGapFree(stream.events());

            JsonNode messages = json(gateway.get("/v1/runs/" + chat.run + "/messages"));
            assertThat(messages.toString()).contains("Hello", "Good morning.", turn, "\"total_tokens\":10");
            assertThat(chat.close().statusCode()).isEqualTo(202);
            stream.awaitEnd(SOON);
        }
        gateway.awaitStatus(chat.run, "succeeded", SOON);
    }

    @Test
    void turnsSubmittedAtTheSameMomentThroughTwoGatewaysNeverBothRun() throws Exception {
        Chat first = Chat.create(gateway, "reject");
        Chat second = first.through(SharedStack.gateway(2));
        try (ExecutorService both = Executors.newFixedThreadPool(8)) {
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Chat through = i % 2 == 0 ? first : second;
                answers.add(both.submit(() -> through.trySubmit("Hello", Chat.words(10, 50))));
            }
            List<Integer> codes = new ArrayList<>();
            for (Future<HttpResponse<String>> answer : answers) {
                codes.add(answer.get().statusCode());
            }
            assertThat(codes).containsOnlyOnce(201);
            assertThat(codes.stream().filter(it -> it == 409)).hasSize(7);
        }
        gateway.awaitStatus(first.run, "idle", SOON);
        assertThat(types(first.events()).stream().filter("turn.started"::equals))
                .hasSize(1);
        assertThat(types(first.events()).stream().filter("turn.rejected"::equals))
                .hasSize(7);
    }

    @Test
    void anEnqueuedTurnFollowsAndAnInterruptingOneCancels() throws Exception {
        Chat queue = Chat.create(gateway, "enqueue");
        queue.submit("one", Chat.words(5, 50));
        queue.submit("two", Chat.words(2, 0));
        gateway.awaitStatus(queue.run, "idle", SOON);
        assertThat(Chat.folded(queue.events()).values()).containsExactly(Chat.text(5), Chat.text(2));

        Chat interrupting = Chat.create(gateway, "interrupt");
        try (EventStream stream = interrupting.stream()) {
            interrupting.submit("one", Chat.words(1000, 50));
            stream.await("model.delta", SOON);
            interrupting.submit("two", Chat.words(2, 0));
            stream.await("turn.completed", SOON);
            Frame failed = stream.find(it -> it.event().equals("turn.failed")).orElseThrow();
            assertThat(failed.json().at("/payload/failure/code").asString()).isEqualTo("canceled");
        }
    }

    @Test
    void aCanceledTurnStopsSoonAndKeepsWhatCame() throws Exception {
        Chat chat = Chat.create(gateway, "reject");
        try (EventStream stream = chat.stream()) {
            String turn = chat.submit("Hello", Chat.words(1000, 50));
            stream.await("model.delta", SOON);
            long asked = System.nanoTime();
            assertThat(chat.cancel(turn).statusCode()).isEqualTo(202);
            Frame failed = stream.await("turn.failed", SOON);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(30));
            assertThat(failed.json().at("/payload/failure/code").asString()).isEqualTo("canceled");
            assertThat(failed.json().at("/payload/content/message/text").asString())
                    .startsWith("w1 ");
            assertThat(failed.json().at("/payload/content/usage/output_tokens").asLong())
                    .isPositive();
            stream.await("stage.finished", SOON);
            assertThat(types(stream.events())).contains("turn.cancel.requested");
        }
        gateway.awaitStatus(chat.run, "idle", SOON);
    }

    @Test
    void aFailedTurnSaysWhyAndItsRetryIsLinkedToIt() throws Exception {
        Chat chat = Chat.create(gateway, "reject");
        String turn = chat.submit(
                "Hello",
                Map.of(
                        "text",
                        List.of("one ", "two "),
                        "fail",
                        Map.of("after_deltas", 1, "code", "rate_limited", "message", "Slow down.")));
        gateway.awaitStatus(chat.run, "idle", SOON);
        JsonNode failed = chat.events().stream()
                .filter(it -> it.get("type").asString().equals("turn.failed"))
                .findFirst()
                .orElseThrow();
        assertThat(failed.at("/payload/failure/code").asString()).isEqualTo("rate_limited");
        assertThat(json(gateway.get("/v1/runs/" + chat.run + "/checkpoint")).toString())
                .contains("one ");

        HttpResponse<String> retried = chat.retry(turn);
        assertThat(retried.statusCode()).as(retried.body()).isEqualTo(201);
        assertThat(retried.body()).contains("\"retry_of\":\"" + turn + "\"");
    }

    @Test
    void anUnknownProviderFailsTheTurnWithWhatThereIs() throws Exception {
        Chat chat = Chat.create(gateway, Map.of("provider", "nobody", "model", "none"));
        chat.submit("Hello", Map.of());
        gateway.awaitStatus(chat.run, "idle", SOON);
        JsonNode failed = chat.events().stream()
                .filter(it -> it.get("type").asString().equals("turn.failed"))
                .findFirst()
                .orElseThrow();
        assertThat(failed.at("/payload/failure/code").asString()).isEqualTo("unknown_provider");
        assertThat(failed.at("/payload/failure/message").asString()).contains("nobody", "scripted");
    }

    @Test
    void laterTurnsKnowWhatWasSaidBefore() throws Exception {
        Chat chat = Chat.create(gateway, "enqueue");
        chat.submit("first question", Map.of("text", "first answer"));
        chat.submit("second question", Map.of("text", "second answer"));
        gateway.awaitStatus(chat.run, "idle", SOON);
        List<JsonNode> contexts = chat.events().stream()
                .filter(it -> it.get("type").asString().equals("context.built"))
                .toList();
        assertThat(history(contexts.get(0))).isZero();
        assertThat(history(contexts.get(1))).isEqualTo(2);
    }

    private static int history(JsonNode context) {
        for (JsonNode part : context.at("/payload/parts")) {
            if (part.get("part").asString().equals("history")) {
                return part.get("messages").asInt();
            }
        }
        throw new AssertionError("no history in " + context);
    }

    static List<String> types(List<JsonNode> events) {
        return events.stream().map(it -> it.get("type").asString()).toList();
    }

    private static JsonNode json(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Gateway.JSON.readTree(response.body());
    }
}
