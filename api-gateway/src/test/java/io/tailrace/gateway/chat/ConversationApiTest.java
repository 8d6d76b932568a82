package io.tailrace.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.reading.CursorToken;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact.Rejection;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.gateway.testing.Answer;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.ChatBook;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Conversations are read back from a real log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ConversationApiTest {
    private KafkaLogUnderTest log;
    private TestGateway gateway;

    @BeforeAll
    void start() {
        log = KafkaLogUnderTest.on(TestKafka.shared().bootstrapServers());
        gateway = TestGateway.start();
    }

    @AfterAll
    void stop() {
        gateway.close();
        log.close();
    }

    private ChatBook chat() {
        return new ChatBook(log).create();
    }

    private void publish(ChatBook book) {
        log.publish(book.view(List.of()));
    }

    private Answer get(ChatBook book, String path) {
        return gateway.get("/v1/runs/" + book.run() + path);
    }

    private static List<String> ids(Answer page) {
        return StreamSupport.stream(page.json().get("turns").spliterator(), false)
                .map(it -> it.get("turn_id").asString())
                .toList();
    }

    @Test
    void aConversationIsReadBackWhole() {
        ChatBook book = chat();
        book.echo("a", "hello");
        book.submit(
                        "b",
                        new TurnInput(
                                "again",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(ChatBook.id("a"))))
                .dispatch("b", "again")
                .claim()
                .deltas("lost")
                .claim()
                .deltas("ha")
                .fail("provider_error", "half")
                .finish(Outcome.FAILED);
        publish(book);

        Answer page = get(book, "/messages");

        assertThat(page.status()).as(page.body()).isEqualTo(200);
        assertThat(page.text("run_id")).isEqualTo(book.run().value());
        assertThat(page.json().get("turns")).isEqualTo(JsonMapper.shared().readTree("""
                [{"turn_id":"turn-a","status":"succeeded","user":{"text":"hello"},
                  "assistant":{"text":"hello","tool_calls":[]},"provider":"scripted","model":"script-1",
                  "usage":{"input_tokens":10,"output_tokens":5,"total_tokens":15},"finish_reason":"stop","attempts":1,
                  "stage_id":"%1$s.1","step":1,"submitted_at":"2026-11-21T10:00:00.000Z",
                  "started_at":"2026-11-21T10:00:00.000Z","finished_at":"2026-11-21T10:00:00.000Z"},
                 {"turn_id":"turn-b","status":"failed","user":{"text":"again"},
                  "assistant":{"text":"half","tool_calls":[]},"provider":"scripted","model":"script-1",
                  "usage":{"input_tokens":10,"output_tokens":5,"total_tokens":15},
                  "failure":{"code":"provider_error","message":"it did not work","recoverable":true,
                             "details":{"status":"503"}},
                  "attempts":2,"stage_id":"%1$s.2","step":2,"submitted_at":"2026-11-21T10:00:00.000Z",
                  "started_at":"2026-11-21T10:00:00.000Z","finished_at":"2026-11-21T10:00:00.000Z"}]""".formatted(book.run())));
        assertThat(page.json().get("next_after").isNull()).isTrue();
    }

    @Test
    void aRunningTurnHasTheTextOfItsCurrentAttemptAndThoseThatWaitAreThereToo() throws Exception {
        ChatBook book = chat().submit("a", "hello")
                .dispatch("a", "hello")
                .claim()
                .deltas("lost")
                .claim()
                .zombies()
                .deltas("He", "l")
                .submit("b", "waiting")
                .submit("c", "not any more")
                .reject("c", Rejection.CANCELED)
                .reject("d", Rejection.QUEUE_FULL);
        publish(book);

        Answer page = get(book, "/messages");

        assertThat(ids(page)).containsExactly("turn-a", "turn-b", "turn-c");
        JsonNode turns = page.json().get("turns");
        assertThat(turns.get(0).get("status").asString()).isEqualTo("running");
        assertThat(turns.get(0).get("assistant").get("text").asString()).isEqualTo("Hel");
        assertThat(turns.get(1).get("status").asString()).isEqualTo("queued");
        assertThat(turns.get(1).get("user").get("text").asString()).isEqualTo("waiting");
        assertThat(turns.get(2).get("status").asString()).isEqualTo("rejected");
        RunCursor cursor = CursorToken.parse(page.text("cursor")).claimed();
        assertThat(cursor.isOf(book.run())).isTrue();
        // created, started, submitted, requested; claim, started, delta; claim, started, two deltas
        assertThat(cursor.sequence()).isEqualTo(11);
    }

    @Test
    void aTurnThatEndsByFaultsOfTwoWorkersKeepsItsQuestionAndWhatItsLastAttemptSaid() {
        ChatBook book = chat().submit("a", "hello")
                .dispatch("a", "hello")
                .claim()
                .deltas("lost")
                .write(new StageFact.AttemptReleased("worker_fault"))
                .claim()
                .deltas("Hel");
        // As a worker writes it that has failed: it knows no more of the turn than the request.
        TurnFact.TurnContent nothing = new TurnFact.TurnContent(
                ChatBook.id("a"),
                "",
                AssistantMessage.EMPTY,
                "scripted",
                "",
                Usage.NONE,
                Duration.ZERO,
                Optional.empty(),
                Optional.empty());
        book.write(new TurnFact.TurnFailed(
                        nothing, new TurnFailure("worker_fault", "Two workers failed.", false, Map.of())))
                .finish(Outcome.FAILED);
        publish(book);

        JsonNode turn = get(book, "/messages").json().get("turns").get(0);

        assertThat(turn.get("status").asString()).isEqualTo("failed");
        assertThat(turn.get("failure").get("code").asString()).isEqualTo("worker_fault");
        assertThat(turn.get("failure").get("recoverable").asBoolean()).isFalse();
        assertThat(turn.get("attempts").asInt()).isEqualTo(2);
        assertThat(turn.get("user").get("text").asString()).isEqualTo("hello");
        assertThat(turn.get("assistant").get("text").asString()).isEqualTo("Hel");
        assertThat(turn.get("model").asString()).isEqualTo("script-1");
        assertThat(get(book, "/events").body()).contains("\"turn.failed\"", "\"worker_fault\"");
    }

    @Test
    void aConversationIsReadInPages() {
        ChatBook book = chat();
        for (int i = 1; i <= 5; i++) {
            book.echo("n" + i, "text " + i);
        }
        publish(book);

        Answer first = get(book, "/messages?limit=2");
        assertThat(ids(first)).containsExactly("turn-n1", "turn-n2");
        assertThat(first.text("next_after")).isEqualTo("turn-n2");
        assertThat(first.json().get("cursor").isNull()).isTrue();
        assertThat(ids(get(book, "/messages?limit=2&after=turn-n2"))).containsExactly("turn-n3", "turn-n4");
        Answer last = get(book, "/messages?limit=2&after=turn-n4");
        assertThat(ids(last)).containsExactly("turn-n5");
        assertThat(last.json().get("next_after").isNull()).isTrue();
        assertThat(last.text("cursor")).startsWith("v2.");
        assertThat(ids(get(book, "/messages?after=turn-n5"))).isEmpty();
        Refusal.check(get(book, "/messages?after=turn-nix"), 404, "unknown_turn", "after");
        Refusal.check(get(book, "/messages?after=X"), 400, "malformed_turn_id", "after");
        Refusal.check(get(book, "/messages?limit=0"), 400, "out_of_range", "limit");
        Refusal.check(get(book, "/messages?limit=201"), 400, "out_of_range", "limit");
        Refusal.check(get(book, "/messages?x=1"), 400, "unknown_parameter", "x");
    }

    @Test
    void aChatWithoutTurnsHasNoMessagesAndNoCheckpoint() {
        ChatBook book = chat();
        publish(book);
        assertThat(ids(get(book, "/messages"))).isEmpty();
        Refusal.check(get(book, "/checkpoint"), 404, "no_checkpoint", "");
        Refusal.check(get(book, "/checkpoint?turn=turn-a"), 404, "unknown_turn", "turn");
        Refusal.check(get(book, "/checkpoint?turn=X"), 400, "malformed_turn_id", "turn");
        Refusal.check(get(book, "/checkpoint?x=1"), 400, "unknown_parameter", "x");
    }

    @Test
    void theLastCheckpointIsThereAfterAFailureWithWhatFollowedIt() {
        ChatBook book = chat().echo("a", "hello")
                .submit("b", "more")
                .dispatch("b", "more")
                .claim()
                .deltas("one")
                .checkpoint(1, "one")
                .deltas(" and a half")
                .fail("timeout", "one and a half")
                .finish(Outcome.FAILED)
                .submit("c", "third")
                .dispatch("c", "third")
                .claim()
                .fail("timeout", "")
                .finish(Outcome.FAILED);
        publish(book);

        JsonNode last = get(book, "/checkpoint").json();

        assertThat(last.get("checkpoint").get("attempt").asInt()).isEqualTo(1);
        assertThat(last.get("checkpoint").get("call").asInt()).isEqualTo(1);
        assertThat(last.get("checkpoint").get("message").get("text").asString()).isEqualTo("one");
        assertThat(last.get("checkpoint").get("usage").get("total_tokens").asInt())
                .isEqualTo(15);
        assertThat(last.get("checkpoint").get("sequence").asLong()).isPositive();
        assertThat(last.get("turn").get("turn_id").asString()).isEqualTo("turn-b");
        assertThat(last.get("turn").get("failure").get("code").asString()).isEqualTo("timeout");
        assertThat(last.get("turn").get("assistant").get("text").asString()).isEqualTo("one and a half");
        assertThat(get(book, "/checkpoint?turn=turn-a")
                        .json()
                        .get("turn")
                        .get("turn_id")
                        .asString())
                .isEqualTo("turn-a");
        Refusal.check(get(book, "/checkpoint?turn=turn-c"), 404, "no_checkpoint", "");
    }

    @Test
    void anEndedChatIsReadBackToo() {
        ChatBook book = chat().echo("a", "hello").requestClose().completeRun();
        publish(book);
        Answer page = get(book, "/messages");
        assertThat(ids(page)).containsExactly("turn-a");
        assertThat(gateway.get("/v1/runs/" + book.run() + "/stream?cursor=" + page.text("cursor"))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void aTurnThatNoViewHasIsShownAsTheLogHasIt() {
        ChatBook book = chat().submit("a", "hello").dispatch("a", "hello").claim();
        book.fail("timeout", "").finish(Outcome.FAILED).reject("b", Rejection.TURN_ACTIVE);
        publish(book);
        Answer failed = get(book, "/turns/turn-a");
        assertThat(failed.text("status")).isEqualTo("failed");
        assertThat(failed.json().get("step").asInt()).isEqualTo(1);
        Answer rejected = get(book, "/turns/turn-b");
        assertThat(rejected.text("status")).isEqualTo("rejected");
        assertThat(rejected.text("code")).isEqualTo("turn_active");
    }
}
