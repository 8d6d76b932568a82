package io.tailrace.gateway.toolserver;

import io.tailrace.events.definition.AssistantDefinition;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import io.tailrace.events.definition.RepositoryDefinition;
import io.tailrace.events.definition.ToolServerCatalogue;
import io.tailrace.gateway.definition.DefinitionModel;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The catalogue of servers of tools that was recorded last, in memory. Written by the tail's thread, read by any. */
public final class RecordedToolServers implements DefinitionModel {
    private volatile @Nullable Recorded current;

    RecordedToolServers() {}

    /** A catalogue and when it was recorded. */
    public record Recorded(ToolServerCatalogue catalogue, Instant at) {}

    /** Nothing while no turn-worker has recorded any. */
    public Optional<Recorded> current() {
        return Optional.ofNullable(current);
    }

    @Override
    public void clear() {
        current = null;
    }

    @Override
    public void apply(Definition definition) {
        switch (definition.resource()) {
            case ToolServerCatalogue catalogue -> current = new Recorded(catalogue, definition.recordedAt());
            case Definition.ConfigurationVersion _,
                    ProviderCatalogue _,
                    RepositoryDefinition _,
                    AssistantDefinition _ -> {}
        }
    }
}
