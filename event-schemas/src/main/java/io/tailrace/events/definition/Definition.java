package io.tailrace.events.definition;

import io.tailrace.events.id.WorkspaceId;
import java.time.Instant;

/** A record of definitions: what is known under a name since this record. */
public record Definition(WorkspaceId workspace, String name, Instant recordedAt, Resource resource) {

    /** What is known under the name. */
    public sealed interface Resource {}

    /**
     * A version of a configuration: an archive with a Python project. Recorded again when it becomes the current version
     * again. The current version of a configuration is the one that was recorded last.
     */
    public record ConfigurationVersion(ArtifactRef archive) implements Resource {}

    /** The record's key: of each version of a configuration the last record stays. */
    public String key() {
        return switch (resource) {
            case ConfigurationVersion version ->
                "configuration/" + workspace + "/" + name + "/"
                        + version.archive().digest();
        };
    }
}
