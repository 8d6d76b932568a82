package io.tailrace.turn.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelDefinition;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.OpenAiApi;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.turn.provider.ProviderLookup;
import io.tailrace.turn.provider.runtime.ProviderRuntime;
import io.tailrace.turn.provider.testing.CannedServer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BedrockCredentialsTest {

    @Test
    void aKeyOfBedrockIsABearerToken() throws Exception {
        assertThat(head("MY_BEDROCK_KEY", Map.of("MY_BEDROCK_KEY", "bedrock-key-1")))
                .contains("authorization: bearer bedrock-key-1");
    }

    @Test
    void aTemporaryKeyBringsItsSessionAlong() throws Exception {
        Map<String, String> variables = Map.of(
                "AWS_ACCESS_KEY_ID", "akid1",
                "AWS_SECRET_ACCESS_KEY", "secret1",
                "AWS_SESSION_TOKEN", "session1");

        assertThat(head("AWS_ACCESS_KEY_ID", variables))
                .contains("authorization: aws4-hmac-sha256 credential=akid1", "x-amz-security-token: session1")
                .doesNotContain("secret1");
    }

    private static String head(String variable, Map<String, String> variables) throws Exception {
        try (CannedServer server =
                CannedServer.answering(WireFormat.BEDROCK.contentType(), WireFormat.BEDROCK.completed())) {
            ProviderDefinition definition = new ProviderDefinition(
                    "aws",
                    ProviderFamily.BEDROCK,
                    OpenAiApi.CHAT,
                    Optional.of(server.url()),
                    Optional.of("eu-central-1"),
                    Optional.of(variable),
                    List.of(new ModelDefinition("m", 1_000, 100, GenerationSettings.unset(), Set.of())),
                    Optional.of("m"));
            try (ProviderRuntime runtime = new ProviderRuntime(List.of(definition), Environment.of(variables))) {
                CallEnd end = ((ProviderLookup.Found) runtime.registry().find("aws", Optional.empty()))
                        .provider()
                        .start(ModelRequest.of("m", List.of(new ModelMessage.User("hi"))))
                        .run(_ -> {});

                assertThat(end).isInstanceOf(CallEnd.Finished.class);
            }
            return server.request().toLowerCase(Locale.ROOT);
        }
    }
}
