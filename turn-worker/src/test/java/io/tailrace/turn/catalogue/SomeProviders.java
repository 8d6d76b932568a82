package io.tailrace.turn.catalogue;

import io.tailrace.turn.provider.Capability;
import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelDefinition;
import io.tailrace.turn.provider.OpenAiApi;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.turn.provider.ProviderListing;
import io.tailrace.turn.provider.runtime.ProviderRuntime;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What a worker has: the scripted provider, one with a credential, one that wants two. */
final class SomeProviders {
    /** What no record may ever hold. */
    static final String SECRET = "sk-this-is-the-secret";

    private SomeProviders() {}

    /** As they are where the first one's key is set and the other one's is not. */
    static List<ProviderListing> listed() {
        return listed(Map.of("COMPANY_KEY", SECRET, "AWS_ACCESS_KEY_ID", SECRET));
    }

    static List<ProviderListing> listed(Map<String, String> environment) {
        try (ProviderRuntime runtime = new ProviderRuntime(List.of(company(), aws()), Environment.of(environment))) {
            return runtime.registry().list();
        }
    }

    private static ProviderDefinition company() {
        ModelDefinition small = new ModelDefinition(
                "small",
                32_000,
                8_000,
                new GenerationSettings(
                        OptionalInt.of(1000), OptionalDouble.of(0.2), OptionalDouble.of(0.95), List.of("</answer>")),
                EnumSet.of(Capability.JSON, Capability.STREAMING));
        return new ProviderDefinition(
                "company",
                ProviderFamily.OPENAI,
                OpenAiApi.RESPONSES,
                Optional.of(URI.create("https://models.example/v1")),
                Optional.empty(),
                Optional.of("COMPANY_KEY"),
                List.of(small),
                Optional.of("small"));
    }

    private static ProviderDefinition aws() {
        ModelDefinition nova = new ModelDefinition(
                "nova", 300_000, 5_000, GenerationSettings.unset(), EnumSet.noneOf(Capability.class));
        return new ProviderDefinition(
                "aws",
                ProviderFamily.BEDROCK,
                OpenAiApi.CHAT,
                Optional.empty(),
                Optional.of("eu-central-1"),
                Optional.of("AWS_ACCESS_KEY_ID"),
                List.of(nova),
                Optional.empty());
    }
}
