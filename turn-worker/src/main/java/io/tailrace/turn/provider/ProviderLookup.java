package io.tailrace.turn.provider;

/** What a registry knows about a provider and a model. */
public sealed interface ProviderLookup {

    /** It can be called. */
    record Found(ModelProvider provider, ModelDefinition model) implements ProviderLookup {}

    /** It cannot be called; the failure says what was asked for, what there is, and how to configure it. */
    record NotFound(ProviderFailure failure) implements ProviderLookup {}
}
