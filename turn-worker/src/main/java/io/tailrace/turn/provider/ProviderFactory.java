package io.tailrace.turn.provider;

/** Makes the adapter for a definition of one family. */
@FunctionalInterface
public interface ProviderFactory {

    /**
     * Makes no call.
     *
     * @param environment has all of the definition's required variables
     */
    ModelProvider create(ProviderDefinition definition, Environment environment);
}
