package io.tailrace.gateway.provider;

import io.tailrace.events.definition.AssistantDefinition;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import io.tailrace.events.definition.RepositoryDefinition;
import io.tailrace.events.definition.ToolServerCatalogue;
import io.tailrace.gateway.definition.DefinitionModel;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The catalogue of providers that was recorded last, in memory. Written by the tail's thread, read by any. */
public final class RecordedCatalogue implements DefinitionModel {
    private volatile @Nullable Recorded current;

    RecordedCatalogue() {}

    /** A catalogue and when it was recorded. */
    public record Recorded(ProviderCatalogue catalogue, Instant at) {}

    /** Nothing before the first turn-worker has started. */
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
            case ProviderCatalogue catalogue -> current = new Recorded(catalogue, definition.recordedAt());
            case Definition.ConfigurationVersion _,
                    RepositoryDefinition _,
                    AssistantDefinition _,
                    ToolServerCatalogue _ -> {}
        }
    }
}
