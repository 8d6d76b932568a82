package io.tailrace.turn.provider;

import java.util.List;

/**
 * A provider in a catalogue.
 *
 * @param missing the names of the environment variables that it needs and that are not set; empty if it is available
 */
public record ProviderListing(ProviderDefinition definition, List<String> missing) {

    public ProviderListing {
        missing = List.copyOf(missing);
    }

    /** Whether its credential is present; nobody has tried it. */
    public boolean available() {
        return missing.isEmpty();
    }
}
