package io.tailrace.turn.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProviderRegistryTest {

    private static final ModelDefinition SMALL =
            new ModelDefinition("small-1", 8_000, 1_000, GenerationSettings.unset(), Set.of(Capability.STREAMING));
    private static final ModelDefinition LARGE =
            new ModelDefinition("large-1", 200_000, 32_000, GenerationSettings.unset(), Set.of(Capability.TOOLS));

    private final AtomicInteger created = new AtomicInteger();

    @Test
    void theScriptedProviderIsAlwaysThere() {
        ProviderRegistry registry = registry(List.of(), Map.of());

        ProviderLookup lookup = registry.find("scripted", Optional.empty());

        assertThat(lookup).isInstanceOfSatisfying(ProviderLookup.Found.class, found -> {
            assertThat(found.provider().family()).isEqualTo(ProviderFamily.SCRIPTED);
            assertThat(found.model().id()).isEqualTo("scripted-1");
        });
    }

    @Test
    void anUnknownProviderIsAFailureThatNamesWhatThereIs() {
        ProviderFailure failure =
                failure(registry(List.of(anthropic()), Map.of("ANT", "k")).find("openai", model("x")));

        assertThat(failure.code()).isEqualTo(FailureCode.UNKNOWN_PROVIDER);
        assertThat(failure.recoverable()).isFalse();
        assertThat(failure.message()).contains("\"openai\"", "scripted, claude", "providers file", "credential_env");
        assertThat(failure.details()).containsEntry("registered", "scripted,claude");
    }

    @Test
    void anUnknownModelIsAFailureThatNamesTheProvidersModels() {
        ProviderFailure failure =
                failure(registry(List.of(anthropic()), Map.of("ANT", "k")).find("claude", model("huge-9")));

        assertThat(failure.code()).isEqualTo(FailureCode.UNKNOWN_MODEL);
        assertThat(failure.message()).contains("\"claude\"", "\"huge-9\"", "small-1, large-1", "providers file");
    }

    @Test
    void aRequestWithoutModelNeedsADefaultModel() {
        ProviderFailure failure =
                failure(registry(List.of(anthropic()), Map.of("ANT", "k")).find("claude", Optional.empty()));

        assertThat(failure.code()).isEqualTo(FailureCode.UNKNOWN_MODEL);
        assertThat(failure.message()).contains("default_model", "small-1, large-1");
    }

    @Test
    void aMissingCredentialIsAFailureThatNamesTheVariable() {
        ProviderFailure failure =
                failure(registry(List.of(anthropic()), Map.of()).find("claude", model("small-1")));

        assertThat(failure.code()).isEqualTo(FailureCode.MISSING_CREDENTIAL);
        assertThat(failure.message()).contains("ANT", "\"claude\"");
        assertThat(failure.details()).containsEntry("credential_env", "ANT");
        assertThat(created).hasValue(0);
    }

    @Test
    void aBlankOrUnprintableCredentialIsAMissingOne() {
        for (String value : List.of("", "  \n", "key\nwith-a-line", "schlüssel")) {
            assertThat(failure(registry(List.of(anthropic()), Map.of("ANT", value))
                                    .find("claude", model("small-1")))
                            .code())
                    .isEqualTo(FailureCode.MISSING_CREDENTIAL);
        }
    }

    @Test
    void amazonsKeyNeedsItsSecret() {
        ProviderRegistry registry = registry(List.of(bedrock()), Map.of("AWS_ACCESS_KEY_ID", "k"));

        assertThat(failure(registry.find("aws", model("small-1"))).message()).contains("AWS_SECRET_ACCESS_KEY");
    }

    @Test
    void anAdapterIsMadeOnceAndOnlyWhenItIsAskedFor() {
        ProviderRegistry registry = registry(List.of(anthropic()), Map.of("ANT", "k"));
        assertThat(created).hasValue(0);

        registry.find("claude", model("small-1"));
        registry.find("claude", model("large-1"));

        assertThat(created).hasValue(1);
    }

    @Test
    void theCatalogueTellsWhichOnesHaveTheirCredential() {
        List<ProviderListing> listings =
                registry(List.of(anthropic(), bedrock()), Map.of("ANT", "k")).list();

        assertThat(listings)
                .extracting(listing -> listing.definition().id(), ProviderListing::available, ProviderListing::missing)
                .containsExactly(
                        tuple("scripted", true, List.of()),
                        tuple("claude", true, List.of()),
                        tuple("aws", false, List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")));
    }

    @Test
    void anIdIsThereOnlyOnce() {
        assertThatThrownBy(() -> registry(List.of(anthropic(), anthropic()), Map.of()))
                .isInstanceOf(InvalidDefinition.class)
                .hasMessageContaining("providers[1].id");
    }

    @Test
    void aServerOfOnesOwnNeedsNoCredential() {
        ProviderDefinition local = new ProviderDefinition(
                "local",
                ProviderFamily.OPENAI,
                OpenAiApi.CHAT,
                Optional.of(URI.create("http://127.0.0.1:11434/v1")),
                Optional.empty(),
                Optional.empty(),
                List.of(SMALL),
                Optional.of("small-1"));

        assertThat(registry(List.of(local), Map.of()).find("local", Optional.empty()))
                .isInstanceOf(ProviderLookup.Found.class);
    }

    private ProviderRegistry registry(List<ProviderDefinition> definitions, Map<String, String> variables) {
        Map<ProviderFamily, ProviderFactory> factories = Arrays.stream(ProviderFamily.values())
                .collect(Collectors.toMap(Function.identity(), _ -> (definition, _) -> {
                    created.incrementAndGet();
                    return new Silent(definition.id(), definition.family());
                }));
        return new ProviderRegistry(definitions, factories, Environment.of(variables));
    }

    private record Silent(String id, ProviderFamily family) implements ModelProvider {

        @Override
        public ProviderCall start(ModelRequest request) {
            throw new AssertionError("nobody calls it");
        }
    }

    private static ProviderDefinition anthropic() {
        return definition("claude", ProviderFamily.ANTHROPIC, Optional.empty(), "ANT");
    }

    private static ProviderDefinition bedrock() {
        return definition("aws", ProviderFamily.BEDROCK, Optional.of("eu-central-1"), "AWS_ACCESS_KEY_ID");
    }

    private static ProviderDefinition definition(
            String id, ProviderFamily family, Optional<String> region, String variable) {
        return new ProviderDefinition(
                id,
                family,
                OpenAiApi.CHAT,
                Optional.empty(),
                region,
                Optional.of(variable),
                List.of(SMALL, LARGE),
                Optional.empty());
    }

    private static Optional<String> model(String name) {
        return Optional.of(name);
    }

    private static ProviderFailure failure(ProviderLookup lookup) {
        return switch (lookup) {
            case ProviderLookup.Found found -> throw new AssertionError("found " + found);
            case ProviderLookup.NotFound notFound -> notFound.failure();
        };
    }
}
