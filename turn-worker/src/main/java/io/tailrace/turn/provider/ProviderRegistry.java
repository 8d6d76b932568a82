package io.tailrace.turn.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The providers of this worker. Immutable, safe from any thread. There is no fallback: what is not there is a failure that says what to
 * do. Adapters are made when they are first asked for; the environment is looked at again each time until then.
 */
public final class ProviderRegistry {

    private final SequencedMap<String, ProviderDefinition> definitions = new LinkedHashMap<>();
    private final Map<ProviderFamily, ProviderFactory> factories;
    private final Environment environment;
    private final Map<String, ModelProvider> providers = new ConcurrentHashMap<>();

    /**
     * The scripted provider and these.
     *
     * @param factories one for every family
     * @throws InvalidDefinition when an id is there twice, or is the scripted provider's
     */
    public ProviderRegistry(
            List<ProviderDefinition> definitions,
            Map<ProviderFamily, ProviderFactory> factories,
            Environment environment) {
        this.factories = Map.copyOf(factories);
        this.environment = environment;
        add(ProviderDefinition.scripted(), -1);
        for (int i = 0; i < definitions.size(); i++) {
            add(definitions.get(i), i);
        }
        for (ProviderFamily family : ProviderFamily.values()) {
            if (!factories.containsKey(family)) {
                throw new IllegalArgumentException("nobody makes providers of the family " + family.text());
            }
        }
    }

    private void add(ProviderDefinition definition, int index) {
        if (definitions.putIfAbsent(definition.id(), definition) != null) {
            throw new InvalidDefinition(
                    "providers[" + index + "].id",
                    definition.id().equals(ProviderDefinition.SCRIPTED)
                            ? "\"scripted\" is the provider that is always there; choose another id"
                            : "\"" + definition.id() + "\" is there twice");
        }
    }

    /**
     * A provider's model.
     *
     * @param model the provider's default one if empty
     */
    public ProviderLookup find(String provider, Optional<String> model) {
        ProviderDefinition definition = definitions.get(provider);
        if (definition == null) {
            return new ProviderLookup.NotFound(ProviderFailure.unknownProvider(provider, definitions.keySet()));
        }
        List<String> models =
                definition.models().stream().map(ModelDefinition::id).toList();
        Optional<String> asked = model.or(definition::defaultModel);
        if (asked.isEmpty()) {
            return new ProviderLookup.NotFound(ProviderFailure.noModelNamed(provider, models));
        }
        Optional<ModelDefinition> found = definition.model(asked.get());
        if (found.isEmpty()) {
            return new ProviderLookup.NotFound(ProviderFailure.unknownModel(provider, asked.get(), models));
        }
        List<String> missing = missing(definition);
        if (!missing.isEmpty()) {
            return new ProviderLookup.NotFound(ProviderFailure.missingCredential(provider, missing.getFirst()));
        }
        return new ProviderLookup.Found(providers.computeIfAbsent(provider, _ -> create(definition)), found.get());
    }

    /** All of them, in the order of their configuration, the scripted one first. */
    public List<ProviderListing> list() {
        List<ProviderListing> listings = new ArrayList<>();
        definitions.values().forEach(definition -> listings.add(new ProviderListing(definition, missing(definition))));
        return listings;
    }

    private List<String> missing(ProviderDefinition definition) {
        return definition.requiredVariables().stream()
                .filter(variable -> environment.credential(variable).isEmpty())
                .toList();
    }

    private ModelProvider create(ProviderDefinition definition) {
        ProviderFactory factory = factories.get(definition.family());
        if (factory == null) {
            throw new IllegalStateException("a registry has a factory for every family");
        }
        return factory.create(definition, environment);
    }
}
