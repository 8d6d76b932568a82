package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.EventStream.Frame;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What was asked of a turn whose worker is dead is done by another worker: its retry, and its cancel. */
class TurnRecoveryTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Gateway gateway = SharedStack.gateway(1);

    @AfterEach
    void heal() throws Exception {
        SharedStack.heal();
    }

    @Test
    void theRetryOfAFailedTurnIsAnsweredByAnotherWorkerThanTheOneThatFailedIt() throws Exception {
        Chat chat = Chat.create(gateway, Map.of("provider", "local", "model", "usual"));
        String question = ModelServer.REFUSE_ONCE + ", " + chat.run;
        try (EventStream stream = chat.stream()) {
            String turn = chat.submit(question);
            Frame failed = stream.await("turn.failed", SOON);
            String first = ChatKillTest.workerOf(failed);
            SharedStack.member(first).kill();
            gateway.awaitStatus(chat.run, "idle", SOON);

            HttpResponse<String> retried = chat.retry(turn);

            assertThat(retried.statusCode()).as(retried.body()).isEqualTo(201);
            Frame completed = stream.await("turn.completed", SOON);
            assertThat(ChatKillTest.workerOf(completed)).isNotEqualTo(first);
            assertThat(completed.json().at("/payload/content/message/text").asString())
                    .isEqualTo("You said: " + question);
            Frame started = stream.await(
                    it -> it.event().equals("turn.started")
                            && it.json().at("/payload/retry_of").asString("").equals(turn),
                    SOON);
            assertThat(started.json().get("stage_id"))
                    .isEqualTo(completed.json().get("stage_id"));
        }
        assertThat(SharedStack.models().sent(question)).hasSize(2);
    }

    @Test
    void aCancelWhoseWorkerIsKilledBeforeItObeysEndsTheTurnCanceled() throws Exception {
        Chat chat = Chat.create(gateway, "reject");
        try (EventStream stream = chat.stream()) {
            String turn = chat.submit("Hello", Chat.words(2000, 50));
            String worker = ChatKillTest.workerOf(stream.await("model.delta", SOON));
            SharedStack.member(worker).pause();
            assertThat(chat.cancel(turn).statusCode()).isEqualTo(202);
            stream.await(it -> it.event().equals("run.notice") && it.data().contains("turn.cancel.requested"), SOON);
            SharedStack.member(worker).kill();

            Frame finished = stream.await("stage.finished", SOON);

            assertThat(finished.json().at("/payload/outcome").asString()).isEqualTo("canceled");
            gateway.awaitStatus(chat.run, "idle", SOON);
            List<JsonNode> events = chat.events();
            KillTest.assertGapFree(events);
            assertThat(ChatTest.types(events).stream()
                            .filter(List.of("turn.completed", "turn.failed", "stage.aborted")::contains))
                    .hasSize(1);
            assertThat(ChatTest.types(events)).containsOnlyOnce("turn.cancel.requested", "stage.finished");
            JsonNode canceled = chat.turn(turn);
            assertThat(canceled.get("status").asString()).isEqualTo("canceled");
            assertThat(canceled.at("/failure/code").asString()).isNotEmpty();
            assertThat(canceled.at("/assistant/text").asString()).startsWith("w1 ");

            chat.submit("And now?", Map.of("text", "Now it goes on."));
            stream.await("turn.completed", SOON);
        }
    }
}
