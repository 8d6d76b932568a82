package io.tailrace.turn.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ToolDefinition;
import io.tailrace.turn.provider.ToolInvocation;
import io.tailrace.turn.provider.testing.CannedServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each format sends after a round of tools: two calls of one answer, and a result for each. */
class ToolResultsWireTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource(WireFormat.class)
    void aRoundIsSentAsTheFormatHasIt(WireFormat format) throws Exception {
        JsonNode asked = asked(format);

        List<String> said = new ArrayList<>();
        switch (format) {
            case OPENAI_CHAT ->
                asked.path("messages").forEach(message -> {
                    said.add(message.path("role").asText()
                            + (message.has("tool_call_id")
                                    ? " " + message.path("tool_call_id").asText()
                                    : "")
                            + " " + message.path("content").asText());
                    message.path("tool_calls")
                            .forEach(it -> said.add("call " + it.path("id").asText() + " "
                                    + it.path("function").path("name").asText() + " "
                                    + it.path("function").path("arguments").asText()));
                });
            case OPENAI_RESPONSES ->
                asked.path("input").forEach(item -> {
                    switch (item.path("type").asText()) {
                        case "function_call" ->
                            said.add("call " + item.path("call_id").asText() + " "
                                    + item.path("name").asText() + " "
                                    + item.path("arguments").asText());
                        case "function_call_output" ->
                            said.add("tool " + item.path("call_id").asText() + " "
                                    + item.path("output").asText());
                        default ->
                            said.add(item.path("role").asText() + " "
                                    + item.path("content").asText());
                    }
                });
            case ANTHROPIC ->
                asked.path("messages").forEach(message -> {
                    if (message.path("content").isTextual()) {
                        said.add(message.path("role").asText() + " "
                                + message.path("content").asText());
                    }
                    message.path("content").forEach(block -> {
                        switch (block.path("type").asText()) {
                            case "tool_use" ->
                                said.add("call " + block.path("id").asText() + " "
                                        + block.path("name").asText() + " " + block.path("input"));
                            case "tool_result" ->
                                said.add("tool " + block.path("tool_use_id").asText() + " "
                                        + text(block.path("content"))
                                        + (block.path("is_error").asBoolean() ? "!" : ""));
                            default ->
                                said.add(message.path("role").asText() + " "
                                        + block.path("text").asText());
                        }
                    });
                });
            case BEDROCK ->
                asked.path("messages")
                        .forEach(message -> message.path("content").forEach(block -> {
                            JsonNode use = block.path("toolUse");
                            JsonNode result = block.path("toolResult");
                            if (use.isObject()) {
                                said.add("call " + use.path("toolUseId").asText() + " "
                                        + use.path("name").asText() + " " + use.path("input"));
                            } else if (result.isObject()) {
                                said.add("tool " + result.path("toolUseId").asText() + " "
                                        + text(result.path("content"))
                                        + (result.path("status").asText().equals("error") ? "!" : ""));
                            } else {
                                said.add(message.path("role").asText() + " "
                                        + block.path("text").asText());
                            }
                        }));
        }
        boolean tellsErrors = format == WireFormat.ANTHROPIC || format == WireFormat.BEDROCK;
        assertThat(said)
                .containsExactly(
                        "user what is there?",
                        "assistant let me see",
                        "call a look {\"at\":1}",
                        "call b look {\"at\":2}",
                        "tool a a bird",
                        "tool b too dark" + (tellsErrors ? "!" : ""));
        assertThat(asked.toString()).contains("Looks at things.");
    }

    private static String text(JsonNode content) {
        return content.isTextual()
                ? content.asText()
                : content.path(0).path("text").asText();
    }

    private static JsonNode asked(WireFormat format) throws Exception {
        ModelRequest request = ModelRequest.of(
                        WireFormat.MODEL,
                        List.of(
                                new ModelMessage.User("what is there?"),
                                new ModelMessage.Assistant(
                                        "let me see",
                                        List.of(
                                                new ToolInvocation("a", "look", "{\"at\":1}"),
                                                new ToolInvocation("b", "look", "{\"at\":2}"))),
                                new ModelMessage.ToolResult("a", "a bird", false),
                                new ModelMessage.ToolResult("b", "too dark", true)))
                .withTools(List.of(new ToolDefinition("look", "Looks at things.", "{\"type\":\"object\"}")));
        try (CannedServer server = CannedServer.answering(format.contentType(), format.completed());
                Client client = new Client(format, server.url())) {
            assertThat(client.run(request)).isInstanceOf(CallEnd.Finished.class);
            String sent = server.request();
            return JSON.readTree(sent.substring(sent.indexOf("\r\n\r\n") + 4));
        }
    }
}
