package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackMember;
import io.tailrace.local.stack.StackOptions;
import io.tailrace.local.stack.StackStartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Everything is killed at once, and everything is still there. */
@Timeout(400)
class RestartTest {
    private static final Duration SOON = Duration.ofSeconds(150);

    @Test
    void everyRunIsStillThereAfterEverythingWasKilledAndTheUnfinishedOneIsFinished(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path data) throws Exception {
        try (ModelServer models = ModelServer.start()) {
            everythingIsKilledAndStartedAgain(
                    models,
                    StackOptions.forTests(data)
                            .buildWorkers(1)
                            .turnWorkers(1)
                            .partitions(2)
                            .providersFile(models.providersFile(data))
                            .environment("turn-worker", ModelServer.KEY_VARIABLE, ModelServer.KEY)
                            .build());
        }
    }

    private static void everythingIsKilledAndStartedAgain(ModelServer models, StackOptions options) throws Exception {
        String finished;
        String unfinished;
        List<JsonNode> events;
        String cursor;
        String chat;
        List<JsonNode> conversation;
        try (LocalStack stack = LocalStack.start(options)) {
            Gateway gateway = new Gateway(stack.gateway(1));
            finished = gateway.create(Plans.build(Plans.sh("a", "seq 20")));
            gateway.awaitStatus(finished, "succeeded", SOON);
            events = gateway.events(finished);
            Chat talk = conversation(gateway);
            chat = talk.run;
            conversation = everythingOf(talk);
            unfinished = gateway.create(Plans.build(Plans.sh("a", "echo begun; sleep 4; echo done")));
            try (EventStream stream = gateway.stream(unfinished)) {
                stream.awaitLine("begun", SOON);
                cursor = stream.lastEventId();
            }
            assertThatThrownBy(() -> LocalStack.start(options))
                    .isInstanceOf(StackStartException.class)
                    .hasMessageContaining(options.dataDir().toString());
            for (StackMember member : stack.members()) {
                member.kill();
            }
        }
        try (LocalStack stack = LocalStack.start(options)) {
            Gateway gateway = new Gateway(stack.gateway(1));
            assertThat(gateway.events(finished)).isEqualTo(events);
            try (EventStream rest = gateway.resume(unfinished, cursor)) {
                rest.awaitEnd(SOON);
                JsonNode claim = rest.await("attempt.started", SOON).json();
                assertThat(claim.get("attempt").asInt()).isEqualTo(2);
                assertThat(rest.find(it -> it.data().contains("\"done\""))).isPresent();
            }
            gateway.awaitStatus(unfinished, "succeeded", SOON);
            KillTest.assertGapFree(gateway.events(unfinished));
            Chat talk = Chat.of(gateway, chat);
            assertThat(everythingOf(talk)).isEqualTo(conversation);
            goesOn(gateway, talk, models);
        }
    }

    /** A chat with a turn that succeeded, one that failed, and one that was canceled. */
    private static Chat conversation(Gateway gateway) {
        Chat chat = Chat.create(
                gateway, Map.of("provider", "local", "model", "usual", "system", "Be brief.", "policy", "enqueue"));
        chat.submit("Remember 4711.");
        chat.submit(ModelServer.REFUSE_ONCE);
        gateway.awaitStatus(chat.run, "idle", SOON);
        String canceled = chat.submit(ModelServer.STALL);
        try (EventStream stream = chat.stream()) {
            stream.await(it -> it.event().equals("model.delta") && it.data().contains("\"one \""), SOON);
        }
        assertThat(chat.cancel(canceled).statusCode()).isEqualTo(202);
        gateway.awaitStatus(chat.run, "idle", SOON);
        assertThat(chat.messages()
                        .get("turns")
                        .valueStream()
                        .map(it -> it.get("status").asString()))
                .containsExactly("succeeded", "failed", "canceled");
        return chat;
    }

    /** All that can be read back of a chat; its messages with their cursor. */
    private static List<JsonNode> everythingOf(Chat chat) {
        List<JsonNode> everything = new ArrayList<>(chat.events());
        everything.add(chat.messages());
        everything.add(chat.checkpoint());
        for (JsonNode turn : chat.messages().get("turns")) {
            everything.add(chat.turn(turn.get("turn_id").asString()));
        }
        return everything;
    }

    /** The next turn is sent with what was said before: not with what failed. */
    private static void goesOn(Gateway gateway, Chat chat, ModelServer models) {
        chat.submit("Which number was it?");
        gateway.awaitStatus(chat.run, "idle", SOON);
        assertThat(models.sent("Which number was it?")
                        .getFirst()
                        .valueStream()
                        .map(it -> it.get("content").asString()))
                .containsExactly(
                        "Be brief.",
                        "Remember 4711.",
                        "You said: Remember 4711.",
                        ModelServer.STALL,
                        "one ",
                        "Which number was it?");
    }
}
