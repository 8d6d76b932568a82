package io.tailrace.events.definition;

import io.tailrace.events.id.AvroName;
import java.util.Optional;

/**
 * A version of an assistant, or that there is none any more from this version on.
 *
 * @param version from 1; one more with each change, a deletion included
 * @param document the definition as its author wrote it, in JSON; empty once the assistant was deleted
 */
@AvroName(namespace = "io.tailrace.events.definition")
public record AssistantDefinition(int version, Optional<String> document) implements Definition.Resource {
    /** @throws IllegalArgumentException for a version below 1 */
    public AssistantDefinition {
        if (version < 1) {
            throw new IllegalArgumentException("no version: " + version);
        }
    }
}
