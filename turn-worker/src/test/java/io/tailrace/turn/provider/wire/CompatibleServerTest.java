package io.tailrace.turn.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelDefinition;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.OpenAiApi;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.turn.provider.ProviderLookup;
import io.tailrace.turn.provider.Reply;
import io.tailrace.turn.provider.ToolInvocation;
import io.tailrace.turn.provider.Usage;
import io.tailrace.turn.provider.runtime.ProviderRuntime;
import io.tailrace.turn.provider.testing.CannedServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Servers that speak OpenAI's format as far as they understood it, one's own among them, without a credential. */
class CompatibleServerTest {

    private final Reply reply = new Reply();

    @Test
    void aServerThatTellsNeitherUsageNorDoneIsUnderstood() throws Exception {
        CallEnd end = answered("""
                data: {"choices":[{"delta":{"content":"Hi"}}]}

                : keep-alive

                data: {"choices":[{"delta":{"content":"!"},"finish_reason":"stop"}]}

                """);

        assertThat(end).isEqualTo(new CallEnd.Finished(FinishReason.STOP, Usage.unknown()));
        assertThat(reply.message()).isEqualTo(ModelMessage.Assistant.of("Hi!"));
    }

    @Test
    void reasoningUnderEitherNameIsReasoning() throws Exception {
        answered("""
                data: {"choices":[{"index":0,"delta":{"reasoning":"So"}}]}

                data: {"choices":[{"index":0,"delta":{"reasoning_content":" it is","content":null}}]}

                data: {"choices":[{"index":0,"delta":{"content":"Yes"},"finish_reason":"stop"}]}

                data: [DONE]

                """);

        assertThat(reply.reasoning()).isEqualTo("So it is");
        assertThat(reply.message().text()).isEqualTo("Yes");
    }

    @Test
    void toolCallsWithoutNumbersAndIdsAreToldApart() throws Exception {
        CallEnd end = answered("""
                data: {"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"look","arguments":"{"}}]}}]}

                data: {"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"}"}}]}}]}

                data: {"choices":[{"delta":{"tool_calls":[{"id":"b","function":{"name":"wait"}}]},"finish_reason":"stop"}]}

                data: [DONE]

                """);

        assertThat(reply.message().toolCalls())
                .containsExactly(new ToolInvocation("a", "look", "{}"), new ToolInvocation("b", "wait", "{}"));
        assertThat(((CallEnd.Finished) end).reason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void onlyTheFirstOfSeveralAnswersIsRead() throws Exception {
        answered("""
                data: {"choices":[{"index":1,"delta":{"content":"B"},"finish_reason":"stop"}]}

                data: {"choices":[{"index":0,"delta":{"content":"A"},"finish_reason":"stop"}]}

                """);

        assertThat(reply.message().text()).isEqualTo("A");
    }

    @Test
    void aServerWithoutCredentialGetsNoneAndTheOldNameOfTheLimit() throws Exception {
        try (CannedServer server = CannedServer.answering("text/event-stream", new byte[0]);
                ProviderRuntime runtime = runtime(server.url())) {
            run(runtime);

            assertThat(server.request())
                    .contains("\"max_tokens\":77", "\"include_usage\":true", "\"stream\":true")
                    .doesNotContainIgnoringCase("authorization:")
                    .doesNotContain("max_completion_tokens");
        }
    }

    private CallEnd answered(String stream) throws Exception {
        try (CannedServer server =
                        CannedServer.answering("text/event-stream", stream.getBytes(StandardCharsets.UTF_8));
                ProviderRuntime runtime = runtime(server.url())) {
            return run(runtime);
        }
    }

    private CallEnd run(ProviderRuntime runtime) {
        return ((ProviderLookup.Found) runtime.registry().find("local", Optional.empty()))
                .provider()
                .start(ModelRequest.of("m", List.of(new ModelMessage.User("hi"))))
                .run(reply::add);
    }

    private static ProviderRuntime runtime(URI server) {
        GenerationSettings defaults = GenerationSettings.unset().withMaxOutputTokens(77);
        ProviderDefinition local = new ProviderDefinition(
                "local",
                ProviderFamily.OPENAI,
                OpenAiApi.CHAT,
                Optional.of(URI.create(server + "/v1")),
                Optional.empty(),
                Optional.empty(),
                List.of(new ModelDefinition("m", 1_000, 100, defaults, Set.of())),
                Optional.of("m"));
        return new ProviderRuntime(List.of(local), Environment.of(Map.of()));
    }
}
