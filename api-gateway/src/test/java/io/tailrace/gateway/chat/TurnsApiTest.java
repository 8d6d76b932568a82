package io.tailrace.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.plan.TurnReader;
import io.tailrace.events.reading.CursorToken;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView.TurnStatus;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.ScriptedCoordinator;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Turns are submitted, shown, canceled and retried through a gateway, with a scripted coordinator behind the log. */
class TurnsApiTest {
    private static final String HELLO = "{\"text\":\"hello\"}";

    private static TestGateway gateway;
    private static TestGateway hasty;
    private static ScriptedCoordinator coordinator;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start("tailrace.gateway.commands.decide-within=1m");
        hasty = TestGateway.start("tailrace.gateway.commands.decide-within=1s");
        coordinator = new ScriptedCoordinator(TestKafka.shared().bootstrapServers(), TestGateway.PARTITIONS);
    }

    @AfterAll
    static void stop() {
        coordinator.close();
        hasty.close();
        gateway.close();
    }

    @AfterEach
    void letGo() {
        coordinator.holdBack(false);
    }

    private static String chat(String settings) {
        Answer created = gateway.post("/v1/runs", """
                {"workspace":"demo","kind":"chat","chat":{"provider":"scripted"%s}}""".formatted(settings));
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        return "/v1/runs/" + created.text("run_id");
    }

    private static String chat() {
        return chat("");
    }

    private static RunId id(String chat) {
        return new RunId(chat.substring(chat.lastIndexOf('/') + 1));
    }

    private static TurnId submitted(String chat) {
        Answer answer = gateway.post(chat + "/turns", HELLO);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return new TurnId(answer.text("turn_id"));
    }

    private static void move(String chat, TurnId turn, TurnStatus status, String code) {
        coordinator.move(id(chat), turn, status, code);
        awaitStatus(chat, turn, status.name().toLowerCase(java.util.Locale.ROOT));
    }

    private static void awaitStatus(String chat, TurnId turn, String status) {
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> gateway.get(chat + "/turns/" + turn).text("status").equals(status));
    }

    private static TurnInput asked(TurnId turn) {
        return coordinator.taken().stream()
                .map(RunCommand::payload)
                .filter(RunCommand.SubmitTurn.class::isInstance)
                .map(RunCommand.SubmitTurn.class::cast)
                .filter(it -> it.turnId().equals(turn))
                .findFirst()
                .orElseThrow()
                .input();
    }

    @Test
    void aTurnIsAnsweredWithWhatBecameOfItAndWhereToGoFromIt() throws Exception {
        String chat = chat();

        Answer answer = gateway.post(chat + "/turns", """
                {"text":"Hello\\nworld","provider":"other","model":"m-1","generation":{"temperature":0.5},
                 "script":{"b":[1],"a":"x"}}""");

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        TurnId turn = new TurnId(answer.text("turn_id"));
        assertThat(answer.header("location")).contains(chat + "/turns/" + turn);
        assertThat(answer.text("run_id")).isEqualTo(id(chat).value());
        assertThat(answer.text("status")).isEqualTo("running");
        assertThat(answer.json().get("step").asInt()).isEqualTo(1);
        assertThat(answer.text("stage_id")).isEqualTo(id(chat) + ".1");
        assertThat(answer.text("submitted_at")).isNotEmpty();
        assertThat(answer.text("url")).isEqualTo(chat + "/turns/" + turn);
        assertThat(answer.text("messages_url")).isEqualTo(chat + "/messages");
        String stream = answer.text("stream_url");
        assertThat(stream).startsWith(chat + "/stream?cursor=");
        assertThat(CursorToken.parse(stream.substring(stream.indexOf('=') + 1))
                        .claimed()
                        .isOf(id(chat)))
                .isTrue();
        TurnInput asked = asked(turn);
        assertThat(asked.text()).isEqualTo("Hello\nworld");
        assertThat(asked.model().orElseThrow().provider()).isEqualTo("other");
        assertThat(asked.generation().orElseThrow().temperaturePermille()).contains(500);
        assertThat(asked.script()).contains("{\"a\":\"x\",\"b\":[1]}");
        assertThat(asked.retryOf()).isEmpty();
    }

    @Test
    void aTurnIsShownFromTheViewAndFromTheLogWhenViewsDoNotShowItAnyMore() {
        String chat = chat();
        TurnId turn = submitted(chat);
        assertThat(gateway.get(chat + "/turns/" + turn).text("status")).isEqualTo("running");
        move(chat, turn, TurnStatus.SUCCEEDED, "");

        coordinator.forgetTurns(id(chat));

        awaitStatus(chat, turn, "queued");
        Answer old = gateway.get(chat + "/turns/" + turn);
        assertThat(old.status()).isEqualTo(200);
        assertThat(old.text("turn_id")).isEqualTo(turn.value());
        assertThat(old.text("submitted_at")).isEqualTo("2026-11-21T10:00:00.000Z");
    }

    @Test
    void aTurnThatNobodyHasDecidedIsAccepted() {
        String chat = chat();
        coordinator.holdBack(true);

        Answer answer = hasty.post(chat + "/turns", HELLO);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().get("decided").asBoolean()).isFalse();
        assertThat(answer.header("location")).contains(chat + "/turns/" + answer.text("turn_id"));
        coordinator.holdBack(false);
        awaitStatus(chat, new TurnId(answer.text("turn_id")), "running");
    }

    @Test
    void aTurnDuringAnotherOneIsRejectedAsThePolicySays() {
        String chat = chat();
        submitted(chat);
        Answer refused = gateway.post(chat + "/turns", HELLO);
        Refusal.check(refused, 409, "turn_active", "");
        assertThat(TurnId.isLegal(refused.text("turn_id"))).isTrue();
        assertThat(refused.text("detail")).isEqualTo("because of turn_active");
        assertThat(gateway.get(chat + "/turns/" + refused.text("turn_id")).text("status"))
                .isEqualTo("rejected");

        String queue = chat(",\"policy\":\"enqueue\",\"max_queued\":1");
        submitted(queue);
        assertThat(gateway.post(queue + "/turns", HELLO).text("status")).isEqualTo("queued");
        Refusal.check(gateway.post(queue + "/turns", HELLO), 409, "queue_full", "");
    }

    @Test
    void aChatThatClosesOrIsCanceledTakesNoMoreTurns() {
        String closing = chat();
        gateway.post(closing + "/close", "{}");
        Refusal.check(gateway.post(closing + "/turns", HELLO), 409, "chat_closing", "");

        String canceled = chat();
        gateway.post(canceled + "/cancel", "{}");
        submitted(chat());
        Answer refused = gateway.post(canceled + "/turns", HELLO);
        Refusal.check(refused, 409, "run_canceled", "");
    }

    @Test
    void anEndedChatTakesNoMoreTurns() {
        String chat = chat();
        coordinator.move(id(chat), RunStatus.SUCCEEDED);
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> gateway.get(chat).text("status").equals("succeeded"));
        Refusal.check(gateway.post(chat + "/turns", HELLO), 409, "run_ended", "");
        assertThat(gateway.post(chat + "/close", "{}").status()).isEqualTo(200);
    }

    @Test
    void theSameKeyIsTheSameTurn() {
        String chat = chat();
        String key = UUID.randomUUID().toString();
        Answer first =
                gateway.post(chat + "/turns", "{\"text\":\"a\",\"script\":{\"x\":1,\"y\":2}}", "Idempotency-Key", key);
        assertThat(first.status()).as(first.body()).isEqualTo(201);

        Answer again = gateway.post(
                chat + "/turns",
                "{\"script\":{\"y\":2,\"x\":1},\"model\":null,\"text\":\"a\"}",
                "Idempotency-Key",
                key);

        assertThat(again.status()).as(again.body()).isEqualTo(200);
        assertThat(again.header("idempotency-replayed")).contains("true");
        assertThat(again.text("turn_id")).isEqualTo(first.text("turn_id"));
        assertThat(coordinator.taken().stream()
                        .filter(it -> it.runId().equals(id(chat)))
                        .filter(it -> it.payload() instanceof RunCommand.SubmitTurn))
                .hasSize(1);
        Refusal.check(
                gateway.post(chat + "/turns", "{\"text\":\"b\"}", "Idempotency-Key", key),
                409,
                "idempotency_key_reused",
                "Idempotency-Key");
    }

    @Test
    void theSameKeyIsTheSameTurnThoughViewsDoNotShowItAnyMore() {
        String chat = chat();
        String key = UUID.randomUUID().toString();
        Answer first = gateway.post(chat + "/turns", HELLO, "Idempotency-Key", key);
        TurnId turn = new TurnId(first.text("turn_id"));
        move(chat, turn, TurnStatus.SUCCEEDED, "");
        coordinator.holdBack(true);
        coordinator.forgetTurns(id(chat));
        awaitStatus(chat, turn, "queued");

        Answer again = hasty.post(chat + "/turns", HELLO, "Idempotency-Key", key);

        assertThat(again.status()).as(again.body()).isEqualTo(200);
        assertThat(again.text("turn_id")).isEqualTo(turn.value());
        Refusal.check(
                hasty.post(chat + "/turns", "{\"text\":\"b\"}", "Idempotency-Key", key),
                409,
                "idempotency_key_reused",
                "Idempotency-Key");
    }

    @Test
    void theLoserOfARaceWithAnotherBodyIsToldSo() throws Exception {
        String chat = chat();
        String key = UUID.randomUUID().toString();
        coordinator.holdBack(true);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> one =
                    threads.submit(() -> gateway.post(chat + "/turns", "{\"text\":\"a\"}", "Idempotency-Key", key));
            Future<Answer> two =
                    threads.submit(() -> gateway.post(chat + "/turns", "{\"text\":\"b\"}", "Idempotency-Key", key));
            coordinator.holdBack(false);

            assertThat(List.of(one.get().status(), two.get().status())).containsExactlyInAnyOrder(201, 409);
        }
    }

    @Test
    void aRejectedTurnStaysRejectedUnderItsKey() {
        String chat = chat();
        TurnId active = submitted(chat);
        String key = UUID.randomUUID().toString();
        Answer refused = gateway.post(chat + "/turns", HELLO, "Idempotency-Key", key);
        move(chat, active, TurnStatus.SUCCEEDED, "");

        Answer again = gateway.post(chat + "/turns", HELLO, "Idempotency-Key", key);

        Refusal.check(again, 409, "turn_active", "");
        assertThat(again.text("turn_id")).isEqualTo(refused.text("turn_id"));
    }

    @Test
    void aTurnIsCanceledOnceAndTheCancelOfAnEndedOneDoesNothing() {
        String chat = chat();
        TurnId turn = submitted(chat);

        Answer canceled = gateway.post(chat + "/turns/" + turn + "/cancel", "{\"reason\":\"enough\"}");

        assertThat(canceled.status()).isEqualTo(202);
        assertThat(canceled.header("location")).contains(chat + "/turns/" + turn);
        awaitStatus(chat, turn, "canceled");
        Answer again = gateway.send("POST", chat + "/turns/" + turn + "/cancel", "");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("status")).isEqualTo("canceled");
        assertThat(coordinator.taken().stream()
                        .map(RunCommand::payload)
                        .filter(new RunCommand.CancelTurn(turn, Optional.of("enough"))::equals))
                .hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILED", "CANCELED", "REJECTED"})
    void aTurnThatWasNotAnsweredIsRetried(TurnStatus status) {
        String chat = chat();
        Answer first = gateway.post(chat + "/turns", "{\"text\":\"hard\",\"provider\":\"p\",\"script\":[1]}");
        TurnId failed = new TurnId(first.text("turn_id"));
        move(chat, failed, status, "interrupted");
        String key = UUID.randomUUID().toString();

        Answer retried = gateway.post(chat + "/turns/" + failed + "/retry", "{}", "Idempotency-Key", key);

        assertThat(retried.status()).as(retried.body()).isEqualTo(201);
        assertThat(retried.text("retry_of")).isEqualTo(failed.value());
        TurnId again = new TurnId(retried.text("turn_id"));
        assertThat(again).isNotEqualTo(failed);
        TurnInput before = asked(failed);
        assertThat(asked(again))
                .isEqualTo(new TurnInput(
                        "hard", before.model(), before.generation(), Optional.of("[1]"), Optional.of(failed)));
        Answer replayed = gateway.send("POST", chat + "/turns/" + failed + "/retry", "", "Idempotency-Key", key);
        assertThat(replayed.status()).isEqualTo(200);
        assertThat(replayed.text("turn_id")).isEqualTo(again.value());
    }

    @Test
    void whoHasSeenThatATurnFailedMayRetryItBeforeTheViewSaysSo() throws Exception {
        String chat = chat();
        TurnId turn = submitted(chat);
        Thread view = Thread.ofVirtual().start(() -> {
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            move(chat, turn, TurnStatus.FAILED, "provider_error");
        });
        assertThat(gateway.post(chat + "/turns/" + turn + "/retry", "{}").status())
                .isEqualTo(201);
        view.join();
    }

    @Test
    void aTurnIsRetriedOnlyIfItWasNotAnswered() {
        String chat = chat();
        TurnId turn = submitted(chat);
        Answer running = gateway.post(chat + "/turns/" + turn + "/retry", "{}");
        Refusal.check(running, 409, "turn_not_failed", "");
        assertThat(running.text("turn_id")).isEqualTo(turn.value());
        Answer rejected = gateway.post(chat + "/turns", HELLO);
        move(chat, turn, TurnStatus.SUCCEEDED, "");
        Refusal.check(gateway.post(chat + "/turns/" + turn + "/retry", "{}"), 409, "turn_not_failed", "");
        // Of a turn that was never accepted the log does not have the message.
        Refusal.check(
                gateway.post(chat + "/turns/" + rejected.text("turn_id") + "/retry", "{}"),
                409,
                "turn_input_unknown",
                "");
    }

    @Test
    void aChatIsClosed() {
        String chat = chat();

        Answer closed = gateway.post(chat + "/close", "{\"reason\":\"done\"}");

        assertThat(closed.status()).isEqualTo(202);
        assertThat(closed.header("location")).contains(chat);
        assertThat(closed.json().get("chat").get("closing").asBoolean()).isTrue();
        assertThat(gateway.send("POST", chat + "/close", "").status()).isEqualTo(202);
        assertThat(coordinator.taken().stream()
                        .filter(it -> it.runId().equals(id(chat)))
                        .filter(it -> it.payload() instanceof RunCommand.CloseRun))
                .hasSize(1);
    }

    /** As many clients write it: with each character that is not ASCII escaped. */
    @Test
    void theLongestMessageIsTakenHoweverItIsWritten() {
        String chat = chat(",\"policy\":\"enqueue\"");
        String longest = "\u4f60".repeat(TurnReader.MAX_TEXT_LENGTH);
        String escaped = "\\u4f60".repeat(TurnReader.MAX_TEXT_LENGTH);

        for (String text : List.of(longest, escaped)) {
            Answer answer = gateway.post(chat + "/turns", "{\"text\":\"" + text + "\"}");
            assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        }

        assertThat(coordinator.taken().stream()
                        .map(RunCommand::payload)
                        .filter(RunCommand.SubmitTurn.class::isInstance)
                        .filter(it ->
                                ((RunCommand.SubmitTurn) it).input().text().equals(longest)))
                .hasSize(2);
        Refusal.check(gateway.post(chat + "/turns", "{\"text\":\"" + escaped + "a\"}"), 400, "too_long", "text");
    }

    @Test
    void aCloseThatNobodyHasDecidedIsAccepted() {
        String chat = chat();
        coordinator.holdBack(true);
        Answer answer = hasty.post(chat + "/close", "{}");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().get("decided").asBoolean()).isFalse();
    }
}
