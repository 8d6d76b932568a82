package io.tailrace.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.cli.chat.FakeChat.Turn;
import io.tailrace.cli.display.ChatPrinter;
import io.tailrace.cli.runs.GatewayClient;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 90, unit = TimeUnit.SECONDS)
class ChatSessionTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private ChatSession session(GatewayClient client, boolean terminal) {
        return new ChatSession(
                client,
                FakeChat.RUN,
                new ChatPrinter(false),
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                terminal,
                true);
    }

    private int talk(FakeChat chat, boolean terminal, String typed) throws Exception {
        try (GatewayClient client = new GatewayClient(chat.address())) {
            return session(client, terminal).talk(new BufferedReader(new StringReader(typed)), Optional.empty());
        }
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static void echo(FakeChat chat, Turn turn) {
        chat.begin(turn, "hello");
        chat.delta(turn, 1, "Hel");
        chat.delta(turn, 1, "lo.");
        chat.complete(turn, 1, "Hello.");
    }

    @Test
    void pipedLinesAreTurnsOneAfterTheOther() throws Exception {
        try (FakeChat chat = new FakeChat(ChatSessionTest::echo)) {
            assertThat(talk(chat, false, "hello\n\nhello\n")).isZero();
            assertThat(text()).isEqualTo("> hello\nHello.\n· 12 ms, 7 tokens\n".repeat(2));
            assertThat(chat.asked().stream().filter(it -> it.startsWith("POST")))
                    .containsExactly(
                            "POST /v1/runs/r-chat/turns {\"text\":\"hello\"}",
                            "POST /v1/runs/r-chat/turns {\"text\":\"hello\"}");
        }
    }

    @Test
    void whatIsTypedAtTheTerminalIsNotShownAgain() throws Exception {
        try (FakeChat chat = new FakeChat(ChatSessionTest::echo)) {
            assertThat(talk(chat, true, "hello\n")).isZero();
            assertThat(text()).isEqualTo("> Hello.\n· 12 ms, 7 tokens\n> \n");
        }
    }

    @Test
    void aLostAttemptIsMarkedAndALostConnectionResumed() throws Exception {
        try (FakeChat chat = new FakeChat((it, turn) -> {
            it.begin(turn, "hello");
            it.delta(turn, 1, "lost");
            it.event(turn, "attempt.started", 2, "{'supersedes_from_sequence':2}");
            it.event(turn, "turn.started", 2, "{'turn_id':'turn-1','text':'hello'}");
            it.delta(turn, 2, "found");
            it.complete(turn, 2, "found");
        })) {
            chat.cutAfter(4);
            assertThat(talk(chat, false, "hello\n")).isZero();
            assertThat(text().replaceAll("[0-9]{2}:[0-9]{2}:[0-9]{2}", "TIME")).isEqualTo("""
                            > hello
                            lost
                            ! lost the gateway (the connection was closed); trying again until TIME, nothing will be missing
                            ! connected again
                            ! attempt 2: what was written above counts no more, the answer begins anew
                            found
                            · 12 ms, 7 tokens
                            """);
        }
    }

    @Test
    void aFailedTurnAndARefusedOneAreSaidSoAndMakeTheExitCode() throws Exception {
        try (FakeChat chat = new FakeChat((it, turn) -> {
            it.begin(turn, "hello");
            it.event(
                    turn,
                    "turn.failed",
                    1,
                    "{'content':{'turn_id':'turn-1','message':{'text':'ha'}},"
                            + "'failure':{'code':'timeout','message':'too slow'}}");
            it.finish(turn, 1, "failed");
        })) {
            assertThat(talk(chat, false, "hello\n")).isEqualTo(1);
            assertThat(text()).isEqualTo("> hello\nha\n✘ too slow [timeout]\n");
        }
        printed.reset();
        try (FakeChat chat = new FakeChat(ChatSessionTest::echo)) {
            chat.reject();
            assertThat(talk(chat, false, "hello\n")).isEqualTo(1);
            assertThat(text()).isEqualTo("! Another turn is being answered [turn_active]\n");
        }
    }

    @Test
    void theFirstInterruptCancelsTheTurnAndTheNextLeaves() throws Exception {
        try (FakeChat chat = new FakeChat((it, turn) -> {
                    it.begin(turn, "hello");
                    it.delta(turn, 1, "Hel");
                });
                GatewayClient client = new GatewayClient(chat.address())) {
            PipedWriter keyboard = new PipedWriter();
            ChatSession session = session(client, true);
            BufferedReader lines = new BufferedReader(new PipedReader(keyboard));
            Thread talking = Thread.ofVirtual().start(() -> talk(session, lines));
            keyboard.write("hello\n");
            keyboard.flush();
            org.awaitility.Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> text().contains("Hel"));

            assertThat(session.interrupt()).isFalse();

            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> text().endsWith("· canceled\n> "));
            assertThat(chat.asked()).contains("POST /v1/runs/r-chat/turns/turn-1/cancel");
            assertThat(session.interrupt()).isTrue();
            assertThat(text()).contains("tailrace chat --run r-chat");
            keyboard.close();
            talking.join();
        }
    }

    private static void talk(ChatSession session, BufferedReader lines) {
        try {
            int _ = session.talk(lines, Optional.empty());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anExistingChatIsShownAndGoneOnWithFromItsCursor() throws Exception {
        try (FakeChat chat = new FakeChat(ChatSessionTest::echo);
                GatewayClient client = new GatewayClient(chat.address())) {
            Turn before = new Turn(7, "");
            chat.begin(before, "earlier");
            chat.messages("""
                    {"turns":[{"turn_id":"turn-0","status":"succeeded","user":{"text":"earlier"},
                    "assistant":{"text":"Yes."}},{"turn_id":"turn-q","status":"queued","user":{"text":"later"}}],
                    "next_after":null,"cursor":"3"}""");
            ChatSession session = session(client, false);
            Optional<String> cursor = session.history();
            assertThat(cursor).contains("3");
            assertThat(text()).isEqualTo("> earlier\nYes.\n");

            assertThat(session.talk(new BufferedReader(new StringReader("hello\n")), cursor))
                    .isZero();

            assertThat(text()).isEqualTo("> earlier\nYes.\n> hello\nHello.\n· 12 ms, 7 tokens\n");
        }
    }

    @Test
    void theConversationIsReadInPages() throws Exception {
        try (FakeChat chat = new FakeChat(ChatSessionTest::echo);
                GatewayClient client = new GatewayClient(chat.address())) {
            assertThat(client.messages(FakeChat.RUN, Optional.of("turn-1"))
                            .path("turns")
                            .size())
                    .isZero();
            assertThat(chat.asked()).containsExactly("GET /v1/runs/r-chat/messages?after=turn-1");
        }
    }
}
