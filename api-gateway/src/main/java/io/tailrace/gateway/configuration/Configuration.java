package io.tailrace.gateway.configuration;

import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.id.WorkspaceId;
import java.time.Instant;
import java.util.List;

/**
 * A configuration as the log has it.
 *
 * @param versions all that are kept, the one recorded last, which is the current one, first; never empty
 */
public record Configuration(WorkspaceId workspace, String id, List<Version> versions) {
    public Configuration {
        versions = List.copyOf(versions);
    }

    /** An archive, and when it became the current version last. */
    public record Version(ArtifactRef archive, Instant recordedAt) {}

    /** What a build gets that is asked for at this moment. */
    public Version current() {
        return versions.getFirst();
    }
}
