package io.tailrace.turn.catalogue;

import io.tailrace.events.definition.ProviderCatalogue.GenerationDefaults;
import io.tailrace.events.definition.ProviderCatalogue.ListedModel;
import io.tailrace.events.definition.ProviderCatalogue.ListedProvider;
import io.tailrace.turn.provider.Capability;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelDefinition;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.turn.provider.ProviderListing;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A worker's providers in the words of the catalogue: all that is in their definitions, and no value of any variable. Pure. */
final class ListedProviders {

    private ListedProviders() {}

    /** In the same order. */
    static List<ListedProvider> of(List<ProviderListing> listings) {
        return listings.stream().map(ListedProviders::provider).toList();
    }

    private static ListedProvider provider(ProviderListing listing) {
        ProviderDefinition definition = listing.definition();
        return new ListedProvider(
                definition.id(),
                definition.family().text(),
                definition.family() == ProviderFamily.OPENAI
                        ? Optional.of(definition.api().text())
                        : Optional.empty(),
                definition.baseUrl().map(URI::toString),
                definition.region(),
                definition.requiredVariables(),
                listing.missing(),
                definition.defaultModel(),
                definition.models().stream().map(ListedProviders::model).toList());
    }

    private static ListedModel model(ModelDefinition definition) {
        return new ListedModel(
                definition.id(),
                definition.contextWindowTokens(),
                definition.maxOutputTokens(),
                defaults(definition.defaults()),
                // Not in the order of a set, which differs from one process to the next.
                Arrays.stream(Capability.values())
                        .filter(definition.capabilities()::contains)
                        .map(Capability::text)
                        .toList());
    }

    private static GenerationDefaults defaults(GenerationSettings settings) {
        return new GenerationDefaults(
                settings.maxOutputTokens().isPresent()
                        ? Optional.of(settings.maxOutputTokens().getAsInt())
                        : Optional.empty(),
                boxed(settings.temperature()),
                boxed(settings.topP()),
                settings.stop());
    }

    private static Optional<Double> boxed(OptionalDouble number) {
        return number.isPresent() ? Optional.of(number.getAsDouble()) : Optional.empty();
    }
}
