package io.tailrace.gateway.repository;

import io.tailrace.events.definition.AssistantDefinition;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import io.tailrace.events.definition.RepositoryDefinition;
import io.tailrace.events.definition.ToolServerCatalogue;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.gateway.definition.DefinitionModel;
import io.tailrace.knowledge.log.RepositoryLog;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** All repositories as the definitions have them, in memory. Written by the tail's thread, read by any. */
final class RepositoryCatalogue implements DefinitionModel {
    private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();

    /** What was recorded last under a name, be it that it was deleted. */
    private record Entry(WorkspaceId workspace, String id, RepositoryDefinition definition, Instant recordedAt) {
        Optional<KnownRepository> repository() {
            return definition
                    .shape()
                    .map(it -> new KnownRepository(
                            new RepositoryLog(workspace, id, definition.generation(), it), recordedAt));
        }
    }

    /** A repository, and when it was made. */
    record KnownRepository(RepositoryLog log, Instant createdAt) {}

    private static String key(WorkspaceId workspace, String id) {
        return workspace.value() + "/" + id;
    }

    Optional<KnownRepository> find(WorkspaceId workspace, String id) {
        return Optional.ofNullable(entries.get(key(workspace, id))).flatMap(Entry::repository);
    }

    /** Of the last that had this name; 0 if none had. */
    int generation(WorkspaceId workspace, String id) {
        Entry entry = entries.get(key(workspace, id));
        return entry == null ? 0 : entry.definition().generation();
    }

    /** The repositories of a workspace, by id. */
    List<KnownRepository> of(WorkspaceId workspace) {
        return entries.values().stream()
                .filter(it -> it.workspace().equals(workspace))
                .flatMap(it -> it.repository().stream())
                .toList();
    }

    /** Of all workspaces. */
    List<RepositoryLog> logs() {
        return entries.values().stream()
                .flatMap(it -> it.repository().stream())
                .map(KnownRepository::log)
                .toList();
    }

    @Override
    public void clear() {
        entries.clear();
    }

    @Override
    public void apply(Definition definition) {
        switch (definition.resource()) {
            case RepositoryDefinition repository -> {
                WorkspaceId workspace = definition.workspace().orElseThrow();
                entries.put(
                        key(workspace, definition.name()),
                        new Entry(workspace, definition.name(), repository, definition.recordedAt()));
            }
            case Definition.ConfigurationVersion _,
                    ProviderCatalogue _,
                    AssistantDefinition _,
                    ToolServerCatalogue _ -> {}
        }
    }
}
