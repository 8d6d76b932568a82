package io.tailrace.events.definition;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.AvroUnion;
import io.tailrace.events.id.WorkspaceId;
import java.time.Instant;
import java.util.Optional;

/**
 * A record of definitions: what is known under a name since this record. Made by its factories.
 *
 * @param workspace whose it is; empty for what the whole system has
 * @param name unique among the resources of its kind and workspace
 */
@AvroName(namespace = "io.tailrace.events.definition")
public record Definition(Optional<WorkspaceId> workspace, String name, Instant recordedAt, Resource resource) {
    /** The key, and the name, of the one catalogue of providers. No key of a configuration can be the same. */
    public static final String PROVIDERS = "providers";

    /** The key, and the name, of the one catalogue of servers of tools. */
    public static final String TOOL_SERVERS = "tool-servers";

    /** What is known under the name. */
    @AvroUnion({
        ConfigurationVersion.class,
        ProviderCatalogue.class,
        RepositoryDefinition.class,
        AssistantDefinition.class,
        ToolServerCatalogue.class
    })
    public sealed interface Resource
            permits ConfigurationVersion,
                    ProviderCatalogue,
                    RepositoryDefinition,
                    AssistantDefinition,
                    ToolServerCatalogue {}

    /**
     * A version of a configuration: an archive with a Python project. Recorded again when it becomes the current version
     * again. The current version of a configuration is the one that was recorded last.
     */
    public record ConfigurationVersion(ArtifactRef archive) implements Resource {}

    /**
     * @throws IllegalArgumentException if a configuration, repository or assistant is nobody's, or a catalogue of the whole system
     *     somebody's
     */
    public Definition {
        boolean ofWorkspace = switch (resource) {
            case ConfigurationVersion _, RepositoryDefinition _, AssistantDefinition _ -> true;
            case ProviderCatalogue _, ToolServerCatalogue _ -> false;
        };
        if (workspace.isPresent() != ofWorkspace) {
            throw new IllegalArgumentException(
                    ofWorkspace ? "it belongs to a workspace" : "catalogues belong to no workspace");
        }
    }

    /** A version of a workspace's configuration. */
    public static Definition configuration(WorkspaceId workspace, String id, Instant recordedAt, ArtifactRef archive) {
        return new Definition(Optional.of(workspace), id, recordedAt, new ConfigurationVersion(archive));
    }

    /** The one catalogue of providers. */
    public static Definition providers(Instant recordedAt, ProviderCatalogue catalogue) {
        return new Definition(Optional.empty(), PROVIDERS, recordedAt, catalogue);
    }

    /** The one catalogue of servers of tools. */
    public static Definition toolServers(Instant recordedAt, ToolServerCatalogue catalogue) {
        return new Definition(Optional.empty(), TOOL_SERVERS, recordedAt, catalogue);
    }

    /** A workspace's repository as it is from now on. */
    public static Definition repository(
            WorkspaceId workspace, String id, Instant recordedAt, RepositoryDefinition repository) {
        return new Definition(Optional.of(workspace), id, recordedAt, repository);
    }

    /** A version of a workspace's assistant. */
    public static Definition assistant(
            WorkspaceId workspace, String name, Instant recordedAt, AssistantDefinition assistant) {
        return new Definition(Optional.of(workspace), name, recordedAt, assistant);
    }

    /**
     * The record's key: of each version of a configuration or assistant, of each catalogue, and of each
     * repository, the last record stays.
     */
    public String key() {
        return switch (resource) {
            case ConfigurationVersion version ->
                "configuration/" + workspace.map(WorkspaceId::value).orElseThrow() + "/" + name + "/"
                        + version.archive().digest();
            case ProviderCatalogue _ -> PROVIDERS;
            case ToolServerCatalogue _ -> TOOL_SERVERS;
            case RepositoryDefinition _ ->
                "repository/" + workspace.map(WorkspaceId::value).orElseThrow() + "/" + name;
            case AssistantDefinition assistant ->
                "assistant/" + workspace.map(WorkspaceId::value).orElseThrow() + "/" + name + "/" + assistant.version();
        };
    }
}
