package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.stack.StackMember;
import io.tailrace.systemtests.EventStream.Frame;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What clients are promised of turns that do not go well, and of chats that become long: docs/turn-contract.md. */
class TurnContractTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Gateway gateway = SharedStack.gateway(1);

    @BeforeEach
    void everythingRuns() throws Exception {
        SharedStack.heal();
    }

    @Test
    void everyFailureSaysWhatItIsAboutAndWhatToDo() throws Exception {
        Chat slow = Chat.create(gateway, "reject");
        String late = slow.submit("Hello", Map.of("text", "too late", "first_delay_ms", 60_000));
        Chat chat = Chat.create(gateway, Map.of("provider", "local", "model", "small", "policy", "enqueue"));
        String provider = chat.submit("Hello", "nobody", "none");
        String model = chat.submit("Hello", "local", "large");
        String credential = chat.submit("Hello", "keyless", "m");
        String rate = chat.submit(ModelServer.REFUSE_ONCE + ", " + chat.run, "local", "usual");
        String overflow = chat.submit("x".repeat(3000));
        gateway.awaitStatus(chat.run, "idle", SOON);

        failed(chat, provider, "unknown_provider", false, List.of("nobody", "local", "scripted", "providers file"));
        failed(chat, model, "unknown_model", false, List.of("large", "usual, small", "providers file"));
        failed(chat, credential, "missing_credential", false, List.of(ModelServer.ABSENT_VARIABLE, "restart"));
        JsonNode limited = failed(chat, rate, "rate_limited", true, List.of("Not so fast", "429", "***"));
        assertThat(limited.at("/details/retry_after_ms").asString()).isEqualTo("7000");
        JsonNode tooLong = failed(chat, overflow, "context_overflow", false, List.of("small", "300", "Shorten"));
        assertThat(tooLong.at("/details/limit").asString()).isEqualTo("300");
        gateway.awaitStatus(slow.run, "idle", SOON);
        JsonNode timeout = failed(slow, late, "timeout", true, List.of("first_byte", "6000 ms"));
        assertThat(timeout.at("/details/timeout").asString()).isEqualTo("first_byte");

        assertThat(chat.events().toString()).doesNotContain(ModelServer.KEY);
        for (StackMember member : SharedStack.get().members()) {
            assertThat(Files.readString(member.log())).as(member.name()).doesNotContain(ModelServer.KEY);
        }
    }

    private static JsonNode failed(Chat chat, String turn, String code, boolean recoverable, List<String> said) {
        JsonNode failed = chat.turn(turn);
        JsonNode failure = failed.get("failure");
        assertThat(failed.get("status").asString()).isEqualTo("failed");
        assertThat(failure.get("code").asString()).isEqualTo(code);
        assertThat(failure.get("recoverable").asBoolean()).as(code).isEqualTo(recoverable);
        assertThat(failure.get("message").asString()).contains(said);
        return failure;
    }

    @Test
    void whatAFailedTurnHadAndTookCanBeInspected() throws Exception {
        Chat chat = Chat.create(gateway, "reject");
        String turn = chat.submit(
                "Hello",
                Map.of("text", List.of("one ", "two ", "three"), "fail", Map.of("after_deltas", 2, "code", "timeout")));
        gateway.awaitStatus(chat.run, "idle", SOON);

        JsonNode checkpoint = chat.checkpoint();

        assertThat(checkpoint.at("/checkpoint/message/text").asString()).isEqualTo("one two ");
        assertThat(checkpoint.at("/checkpoint/call").asInt()).isEqualTo(1);
        assertThat(checkpoint.at("/checkpoint/usage/output_tokens").asLong()).isEqualTo(2);
        assertThat(checkpoint.at("/turn/turn_id").asString()).isEqualTo(turn);
        assertThat(checkpoint.at("/turn/status").asString()).isEqualTo("failed");
        assertThat(checkpoint.at("/turn/failure/code").asString()).isEqualTo("timeout");
        JsonNode used = only(chat, "turn.usage").at("/payload");
        assertThat(used.get("billing").asString()).isEqualTo("billed");
        assertThat(used.get("provider").asString()).isEqualTo("scripted");
        assertThat(only(chat, "turn.failed").at("/payload/content/usage")).isEqualTo(used.get("usage"));
        assertThat(only(chat, "stage.finished").at("/payload/usage")).isEqualTo(used.get("usage"));
        assertThat(chat.turn(turn).get("usage")).isEqualTo(used.get("usage"));
    }

    @Test
    void aCanceledTurnHasAnEstimateOfWhatAProviderDidNotTellInTime() throws Exception {
        Chat chat = Chat.create(gateway, Map.of("provider", "local", "model", "usual"));
        try (EventStream stream = chat.stream()) {
            String turn = chat.submit(ModelServer.STALL);
            stream.await("model.delta", SOON);
            assertThat(chat.cancel(turn).statusCode()).isEqualTo(202);

            Frame failed = stream.await("turn.failed", SOON);

            assertThat(failed.json().at("/payload/failure/code").asString()).isEqualTo("canceled");
            assertThat(failed.json().at("/payload/content/message/text").asString())
                    .isEqualTo("one ");
            JsonNode used = only(chat, "turn.usage").at("/payload");
            assertThat(used.get("estimated").asBoolean()).isTrue();
            assertThat(used.at("/usage/output_tokens").asLong()).isEqualTo(1);
            assertThat(used.at("/usage/input_tokens").asLong()).isPositive();
            assertThat(failed.json().at("/payload/content/usage")).isEqualTo(used.get("usage"));
        }
    }

    @Test
    void aLongChatIsSummedUpAndTrimmedAndItsClientIsTold() throws Exception {
        Chat chat = Chat.create(gateway, Map.of("provider", "local", "model", "small", "policy", "enqueue"));
        for (String number : List.of("one", "two", "three", "four")) {
            chat.submit(padded(number, 160, chat));
        }
        String last = padded("five", 400, chat);
        chat.submit(last);
        try (EventStream stream = chat.stream()) {
            stream.await(it -> it.event().equals("turn.completed") && it.data().contains("five "), SOON);
            List<JsonNode> compacted = ofType(stream.events(), "context.compacted");
            assertThat(compacted).hasSize(2);
            JsonNode first = compacted.getFirst().at("/payload");
            assertThat(first.at("/compaction/by").asString()).isEqualTo("model");
            assertThat(first.at("/compaction/summary").asString()).isEqualTo("They spoke of numbers.");
            assertThat(first.get("tokens_after").asLong())
                    .isLessThan(first.get("tokens_before").asLong());
            List<Integer> trimmed = ofType(stream.events(), "context.built").stream()
                    .map(it -> it.at("/payload/parts/5"))
                    .peek(it -> assertThat(it.get("part").asString()).isEqualTo("history"))
                    .map(it -> it.get("trimmed_messages").asInt())
                    .toList();
            assertThat(trimmed).containsExactly(0, 0, 0, 0, 2);
        }
        String sent = SharedStack.models().sent(last).getFirst().toString();
        assertThat(sent).contains("They spoke of numbers.", "four ").doesNotContain("one ", "two ", "three ");
        JsonNode turns = chat.messages().get("turns");
        assertThat(turns).hasSize(5);
        assertThat(turns.get(0).toString()).as("nothing is lost for people").contains("one ");
        assertThat(turns.get(3).at("/usage/total_tokens").asLong())
                .as("the answer and the summary")
                .isEqualTo(2 * 79);
    }

    private static String padded(String word, int length, Chat chat) {
        String text = word + " " + chat.run + " ";
        return text + "x".repeat(length - text.length());
    }

    private static List<JsonNode> ofType(List<JsonNode> events, String type) {
        return events.stream()
                .filter(it -> it.get("type").asString().equals(type))
                .toList();
    }

    private static JsonNode only(Chat chat, String type) {
        List<JsonNode> found = ofType(chat.events(), type);
        assertThat(found).as(type).hasSize(1);
        return found.getFirst();
    }
}
