package io.tailrace.turn.provider;

/** One configured provider of language models. Safe from any thread. */
public interface ModelProvider {

    /** As the operator named it; unique in a registry. */
    String id();

    ProviderFamily family();

    /**
     * Prepares a call. Nothing is checked and nothing goes over the network before {@link ProviderCall#run}.
     *
     * @param request its model is one of this provider's
     */
    ProviderCall start(ModelRequest request);
}
