package io.tailrace.turn.provider.wire;

import static io.tailrace.turn.provider.wire.Client.asking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.FailureCode;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.ToolDefinition;
import io.tailrace.turn.provider.ToolInvocation;
import io.tailrace.turn.provider.testing.AiMock;
import io.tailrace.turn.provider.testing.Relay;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What every adapter makes of an independent server's answers; needs Node. */
@ParameterizedClass
@EnumSource(WireFormat.class)
class ProviderWireTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final WireFormat format;

    private Relay relay;
    private Client client;

    ProviderWireTest(WireFormat format) {
        this.format = format;
    }

    @BeforeEach
    void connect() throws Exception {
        relay = new Relay(AiMock.url());
        client = new Client(format, relay.url());
    }

    @AfterEach
    void close() throws Exception {
        if (client != null) {
            client.close();
            relay.close();
        }
    }

    @Test
    void anAnswerArrivesInPiecesWithItsUsageAndItsReason() {
        CallEnd end = client.run(asking("scenario plain."));

        assertThat(client.deltas()).hasSizeGreaterThan(4);
        assertThat(client.reply().message())
                .isEqualTo(ModelMessage.Assistant.of("The answer is forty-two, and nothing else matters."));
        assertThat(end).isInstanceOfSatisfying(CallEnd.Finished.class, finished -> {
            assertThat(finished.reason()).isEqualTo(FinishReason.STOP);
            assertThat(finished.usage().input()).hasValue(11);
            assertThat(finished.usage().output()).hasValue(7);
            assertThat(finished.usage().total()).hasValue(18);
        });
        assertThat(relay.requests()).isEqualTo(1);
    }

    @Test
    void everyCharacterArrives() {
        client.run(asking("scenario unicode."));

        assertThat(client.reply().message().text()).isEqualTo("Grüße aus Wien: 🎻 und 漢字, \\\"quoted\\\"\nsecond line");
    }

    @Test
    void reasoningIsToldApartFromTheAnswer() {
        CallEnd end = client.run(asking("scenario reasoning."));

        assertThat(client.reply().reasoning()).isEqualTo("First I think.");
        assertThat(client.reply().message().text()).isEqualTo("Then I speak.");
        assertThat(client.deltas().getFirst()).isInstanceOf(ModelDelta.Reasoning.class);
        assertThat(end).isInstanceOf(CallEnd.Finished.class);
    }

    @Test
    void anAnswerThatIsCutOffByItsLimitSaysSo() {
        CallEnd end = client.run(asking("scenario length."));

        assertThat(((CallEnd.Finished) end).reason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void toolCallsArriveInPiecesThatNameTheirCall() throws Exception {
        CallEnd end = client.run(asking("scenario tools."));

        List<ToolInvocation> calls = client.reply().message().toolCalls();
        assertThat(calls)
                .extracting(ToolInvocation::id, ToolInvocation::name)
                .containsExactly(tuple("call_weather", "get_weather"), tuple("call_time", "get_time"));
        assertThat(JSON.readTree(calls.getFirst().arguments()))
                .isEqualTo(JSON.readTree("{\"city\":\"Vienna\",\"days\":3}"));
        assertThat(calls.get(1).arguments()).isEqualTo("{}");
        assertThat(client.deltas())
                .hasSizeGreaterThan(4)
                .allSatisfy(delta -> assertThat(((ModelDelta.ToolCall) delta).name())
                        .isEqualTo(((ModelDelta.ToolCall) delta).index() == 0 ? "get_weather" : "get_time"));
        assertThat(((CallEnd.Finished) end).reason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void textAndAToolCallAreOneAnswer() {
        CallEnd end = client.run(asking("scenario text and tool."));

        assertThat(client.reply().message())
                .isEqualTo(new ModelMessage.Assistant(
                        "Let me look.", List.of(new ToolInvocation("call_1", "get_weather", "{\"city\":\"Graz\"}"))));
        assertThat(((CallEnd.Finished) end).reason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void theServerIsAskedWhatTheRequestSays() throws Exception {
        ModelRequest request = ModelRequest.of(
                        WireFormat.MODEL,
                        List.of(
                                new ModelMessage.User("first question"),
                                new ModelMessage.Assistant(
                                        "let me see", List.of(new ToolInvocation("id1", "look", "{\"at\":[1,2.5]}"))),
                                new ModelMessage.ToolResult("id1", "a bird", false),
                                ModelMessage.Assistant.of("it is a bird"),
                                new ModelMessage.User("scenario plain. " + format)))
                .withSystem("Be brief.")
                .withTools(List.of(new ToolDefinition(
                        "look",
                        "Looks at things.",
                        "{\"type\":\"object\",\"properties\":{\"at\":{\"type\":\"array\"}}}")))
                .withSettings(new GenerationSettings(
                        OptionalInt.of(9_999), OptionalDouble.of(0.5), OptionalDouble.empty(), List.of()));

        assertThat(client.run(request)).isInstanceOf(CallEnd.Finished.class);

        JsonNode asked = lastRequest("scenario plain. " + format);
        assertThat(asked.path("model").asText()).isEqualTo(WireFormat.MODEL);
        assertThat(asked.path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(asked.path("max_tokens").asInt()).as("the model's limit").isEqualTo(5_000);
        assertThat(asked.path("tools").path(0).path("function").path("name").asText())
                .isEqualTo("look");
        assertThat(asked.path("tools")
                        .path(0)
                        .path("function")
                        .path("parameters")
                        .path("properties")
                        .has("at"))
                .isTrue();
        assertSaid(asked.path("messages"));
    }

    /** One format has the text and the tool calls of an answer in two messages. */
    private static void assertSaid(JsonNode messages) throws Exception {
        List<String> speakers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (JsonNode message : messages) {
            String role = message.path("role").asText();
            if (speakers.isEmpty() || !speakers.getLast().equals(role)) {
                speakers.add(role);
            }
            if (message.path("content").isTextual()) {
                texts.add(message.path("content").asText());
            }
        }
        assertThat(speakers).containsExactly("system", "user", "assistant", "tool", "assistant", "user");
        assertThat(texts)
                .startsWith("Be brief.", "first question", "let me see", "a bird", "it is a bird")
                .hasSize(6);
        JsonNode call = messages.findValue("tool_calls").path(0);
        assertThat(call.path("id").asText()).isEqualTo("id1");
        assertThat(JSON.readTree(call.path("function").path("arguments").asText()))
                .isEqualTo(JSON.readTree("{\"at\":[1,2.5]}"));
        assertThat(messages.findValue("tool_call_id").asText()).isEqualTo("id1");
    }

    @Test
    void aLimitedRateSaysHowLongToWaitAndNobodyRetries() {
        ProviderFailure failure = Client.failure(client.run(asking("scenario limited.")));

        assertThat(failure.code()).isEqualTo(FailureCode.RATE_LIMITED);
        assertThat(failure.recoverable()).isTrue();
        assertThat(failure.details()).containsEntry("retry_after_ms", "7000").containsEntry("http_status", "429");
        assertThat(relay.requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "broken,        provider_error,        true,  500",
        "overloaded,    provider_error,        true,  529",
        "unauthorized,  authentication_failed, false, 401",
        "forbidden,     authentication_failed, false, 403",
        "overflow,      context_overflow,      false, 400",
        "invalid,       invalid_request,       false, 400",
        "unknown model, unknown_model,         false, 404"
    })
    void anErrorHasItsCodeAndNobodyRetries(String scenario, String code, boolean recoverable, String status) {
        ProviderFailure failure = Client.failure(client.run(asking("scenario " + scenario + ".")));

        assertThat(failure.code().text()).isEqualTo(code);
        assertThat(failure.recoverable()).isEqualTo(recoverable);
        assertThat(failure.details()).containsEntry("http_status", status);
        assertThat(failure.toString()).doesNotContain(WireFormat.SECRET);
        assertThat(relay.requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"truncated", "disconnect"})
    void anAnswerThatBreaksOffIsARecoverableFailure(String scenario) {
        ProviderFailure failure = Client.failure(client.run(asking("scenario " + scenario + ".")));

        assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_ERROR);
        assertThat(failure.recoverable()).isTrue();
        assertThat(client.reply().message().text()).startsWith("word0 word1").doesNotContain("word399");
    }

    private JsonNode lastRequest(String userMessage) throws Exception {
        HttpRequest journal = HttpRequest.newBuilder(URI.create(AiMock.url() + "/v1/_requests"))
                .build();
        try (HttpClient plain = HttpClient.newHttpClient()) {
            JsonNode entries = JSON.readTree(
                    plain.send(journal, HttpResponse.BodyHandlers.ofString()).body());
            for (JsonNode entry : entries) {
                JsonNode messages = entry.path("body").path("messages");
                if (messages.path(messages.size() - 1).path("content").asText().equals(userMessage)) {
                    return entry.path("body");
                }
            }
        }
        throw new AssertionError("the server was not asked");
    }
}
