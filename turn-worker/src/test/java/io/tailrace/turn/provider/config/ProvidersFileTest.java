package io.tailrace.turn.provider.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.turn.file.InvalidOperatorFile;
import io.tailrace.turn.provider.Capability;
import io.tailrace.turn.provider.OpenAiApi;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFamily;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvidersFileTest {

    private static final String GOOD = """
            providers:
              - id: openai
                family: openai
                api: responses
                base_url: https://gateway.example/v1
                credential_env: OPENAI_API_KEY
                default_model: gpt-5
                models:
                  - id: gpt-5
                    context_window_tokens: 400000
                    max_output_tokens: 128000
                    defaults: {max_output_tokens: 4096, temperature: 0.5, top_p: 0.9, stop: [END]}
                    capabilities: [streaming, tools]
              - id: aws
                family: bedrock
                region: eu-central-1
                credential_env: AWS_ACCESS_KEY_ID
                models:
                  - {id: amazon.nova-lite-v1:0, context_window_tokens: 300000, max_output_tokens: 5000}
            """;

    @TempDir
    Path folder;

    @Test
    void everyFieldIsRead() throws Exception {
        List<ProviderDefinition> definitions = ProvidersFile.parse(GOOD);

        ProviderDefinition openai = definitions.getFirst();
        assertThat(openai.family()).isEqualTo(ProviderFamily.OPENAI);
        assertThat(openai.api()).isEqualTo(OpenAiApi.RESPONSES);
        assertThat(openai.baseUrl()).contains(URI.create("https://gateway.example/v1"));
        assertThat(openai.credentialEnv()).contains("OPENAI_API_KEY");
        assertThat(openai.defaultModel()).contains("gpt-5");
        assertThat(openai.models().getFirst()).satisfies(model -> {
            assertThat(model.contextWindowTokens()).isEqualTo(400_000);
            assertThat(model.maxOutputTokens()).isEqualTo(128_000);
            assertThat(model.defaults().maxOutputTokens()).hasValue(4096);
            assertThat(model.defaults().temperature()).hasValue(0.5);
            assertThat(model.defaults().topP()).hasValue(0.9);
            assertThat(model.defaults().stop()).containsExactly("END");
            assertThat(model.capabilities()).containsExactlyInAnyOrder(Capability.STREAMING, Capability.TOOLS);
        });
        assertThat(definitions.get(1).region()).contains("eu-central-1");
        assertThat(definitions.get(1).api()).isEqualTo(OpenAiApi.CHAT);
    }

    @Test
    void theExampleOfTheDocumentationCanBeUsed() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "providers.md"));
        int start = page.indexOf("```yaml\n") + "```yaml\n".length();

        List<ProviderDefinition> definitions = ProvidersFile.parse(page.substring(start, page.indexOf("```", start)));

        assertThat(definitions)
                .extracting(ProviderDefinition::family)
                .contains(ProviderFamily.OPENAI, ProviderFamily.ANTHROPIC, ProviderFamily.BEDROCK);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    family: openai                    | family: openrouter          | providers[0].family
                    id: openai                        | id: Open AI                 | providers[0].id
                    id: openai                        | id: scripted                | providers[0].id
                    id: aws                           | id: openai                  | providers[1].id
                    api: responses                    | api: assistants             | providers[0].api
                    region: eu-central-1              | api: chat                   | providers[1].api
                    region: eu-central-1              | {}                          | $
                    region: eu-central-1              | region: Frankfurt           | providers[1].region
                    region: eu-central-1              | default_model: x            | providers[1].default_model
                    api: responses                    | region: eu-central-1        | providers[0].region
                    api: responses                    | api_key: sk-1               | providers[0].api_key
                    api: responses                    | 7: 8                        | providers[0].7
                    https://gateway.example/v1        | ftp://gateway.example       | providers[0].base_url
                    https://gateway.example/v1        | https://me:pw@x.example/    | providers[0].base_url
                    https://gateway.example/v1        | https://x.example/?key=1    | providers[0].base_url
                    https://gateway.example/v1        | "https://x y/"              | providers[0].base_url
                    https://gateway.example/v1        | [a]                         | providers[0].base_url
                    credential_env: OPENAI_API_KEY    | credential_env: sk-abc123   | providers[0].credential_env
                    credential_env: AWS_ACCESS_KEY_ID | default_model: x            | providers[1].default_model
                    default_model: gpt-5              | default_model: gpt-6        | providers[0].default_model
                    - id: gpt-5                       | - id: "gpt 5"               | providers[0].models[0].id
                    - id: gpt-5                       | - name: gpt-5               | providers[0].models[0].name
                    context_window_tokens: 400000     | context_window_tokens: 0    | providers[0].models[0].context_window_tokens
                    context_window_tokens: 400000     | context_window_tokens: 4e5  | providers[0].models[0].context_window_tokens
                    context_window_tokens: 400000     | context_window_tokens: 99   | providers[0].models[0].max_output_tokens
                    max_output_tokens: 128000         | max_output_tokens: -1       | providers[0].models[0].max_output_tokens
                    max_output_tokens: 4096           | max_output_tokens: 500000   | providers[0].models[0].defaults.max_output_tokens
                    max_output_tokens: 4096           | max_tokens: 1               | providers[0].models[0].defaults.max_tokens
                    temperature: 0.5                  | temperature: 2.5            | providers[0].models[0].defaults.temperature
                    temperature: 0.5                  | temperature: .nan           | providers[0].models[0].defaults.temperature
                    temperature: 0.5                  | temperature: warm           | providers[0].models[0].defaults.temperature
                    top_p: 0.9                        | top_p: 0                    | providers[0].models[0].defaults.top_p
                    stop: [END]                       | stop: END                   | providers[0].models[0].defaults.stop
                    stop: [END]                       | stop: [7]                   | providers[0].models[0].defaults.stop[0]
                    stop: [END]                       | stop: [a, b, c, d, e]       | providers[0].models[0].defaults.stop
                    [streaming, tools]                | [streaming, magic]          | providers[0].models[0].capabilities
                    providers:                        | provider:                   | provider
                    """)
    void aBadValueIsAnErrorThatNamesItsPlace(String good, String bad, String path) {
        String text = GOOD.replaceFirst(Pattern.quote(good), bad);
        assertThat(text).isNotEqualTo(GOOD);

        InvalidOperatorFile error = catchThrowableOfType(InvalidOperatorFile.class, () -> ProvidersFile.parse(text));

        assertThat(error).isNotNull();
        assertThat(error.path()).isEqualTo(path);
        assertThat(error).hasMessageStartingWith(path + ": ");
    }

    @ParameterizedTest
    @CsvSource({"''", "'providers: {'", "'- a'", "'providers: 7'", "'providers: []\nproviders: []'"})
    void whatIsNoListOfProvidersIsAnError(String text) {
        assertThatThrownBy(() -> ProvidersFile.parse(text)).isInstanceOf(InvalidOperatorFile.class);
    }

    @Test
    void aProviderWithoutModelsOrRequiredFieldsIsAnError() {
        assertThatThrownBy(() -> ProvidersFile.parse("providers: [{id: a, family: anthropic, credential_env: K}]"))
                .hasMessageStartingWith("providers[0].models");
        assertThatThrownBy(() -> ProvidersFile.parse("providers: [{family: anthropic}]"))
                .hasMessageStartingWith("providers[0].id");
        assertThatThrownBy(() -> ProvidersFile.parse(
                        "providers: [{id: a, family: anthropic, models: [{id: m, context_window_tokens: 9, "
                                + "max_output_tokens: 1}]}]"))
                .hasMessageStartingWith("providers[0].credential_env");
    }

    @Test
    void anErrorOfAFileNamesTheFile() throws Exception {
        Path file = Files.writeString(folder.resolve("providers.yaml"), "providers: 7");

        assertThatThrownBy(() -> ProvidersFile.read(file))
                .isInstanceOf(InvalidOperatorFile.class)
                .hasMessageContaining("providers.yaml: providers: must be a list");
        assertThatThrownBy(() -> ProvidersFile.read(folder.resolve("absent.yaml")))
                .isInstanceOf(InvalidOperatorFile.class)
                .hasMessageContaining("absent.yaml");
    }

    @Test
    void aFileThatIsTooLargeOrNoTextIsAnError() throws Exception {
        Path large = Files.writeString(folder.resolve("large.yaml"), "#".repeat(300_000));
        Path binary =
                Files.write(folder.resolve("binary.yaml"), "providers: [ü]".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> ProvidersFile.read(large)).hasMessageContaining("larger");
        assertThatThrownBy(() -> ProvidersFile.read(binary)).hasMessageContaining("UTF-8");
    }
}
