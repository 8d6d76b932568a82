package io.tailrace.gateway.configuration;

import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.definition.AssistantDefinition;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import io.tailrace.events.definition.RepositoryDefinition;
import io.tailrace.events.definition.ToolServerCatalogue;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.gateway.configuration.Configuration.Version;
import io.tailrace.gateway.definition.DefinitionModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** All configurations, in memory. Written by the tail's thread, read by any. */
final class ConfigurationCatalogue implements DefinitionModel {
    private final Map<Key, Configuration> configurations = new ConcurrentSkipListMap<>();
    private final Map<String, ArtifactRef> archives = new ConcurrentHashMap<>();

    private record Key(String workspace, String id) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byWorkspace = workspace.compareTo(other.workspace);
            return byWorkspace != 0 ? byWorkspace : id.compareTo(other.id);
        }
    }

    Optional<Configuration> find(WorkspaceId workspace, String id) {
        return Optional.ofNullable(configurations.get(new Key(workspace.value(), id)));
    }

    /** The configurations of a workspace, by id. */
    List<Configuration> of(WorkspaceId workspace) {
        return configurations.values().stream()
                .filter(it -> it.workspace().equals(workspace))
                .toList();
    }

    /** Where an archive with this digest lies already, whoever uploaded it. */
    Optional<ArtifactRef> archive(String digest) {
        return Optional.ofNullable(archives.get(digest));
    }

    int size() {
        return configurations.size();
    }

    @Override
    public void clear() {
        configurations.clear();
        archives.clear();
    }

    @Override
    public void apply(Definition definition) {
        switch (definition.resource()) {
            case Definition.ConfigurationVersion version ->
                put(
                        definition.workspace().orElseThrow(),
                        definition.name(),
                        new Version(version.archive(), definition.recordedAt()));
            case ProviderCatalogue _, RepositoryDefinition _, AssistantDefinition _, ToolServerCatalogue _ -> {}
        }
    }

    private void put(WorkspaceId workspace, String id, Version version) {
        archives.put(version.archive().digest(), version.archive());
        Key key = new Key(workspace.value(), id);
        Configuration before = configurations.get(key);
        List<Version> versions = new ArrayList<>();
        versions.add(version);
        if (before != null) {
            before.versions().stream()
                    .filter(it ->
                            !it.archive().digest().equals(version.archive().digest()))
                    .forEach(versions::add);
        }
        configurations.put(key, new Configuration(workspace, id, versions));
    }
}
