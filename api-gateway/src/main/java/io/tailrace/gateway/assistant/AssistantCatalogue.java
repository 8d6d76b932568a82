package io.tailrace.gateway.assistant;

import io.tailrace.events.definition.AssistantDefinition;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import io.tailrace.events.definition.RepositoryDefinition;
import io.tailrace.events.definition.ToolServerCatalogue;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.gateway.definition.DefinitionModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * All assistants in all their versions, in memory. Of two records of one version the first counts, so that nothing which
 * was answered as stored is replaced. Written by the tail's thread, read by any.
 */
final class AssistantCatalogue implements DefinitionModel {
    private final Map<Key, Entry> entries = new ConcurrentSkipListMap<>();

    private record Key(String workspace, String name) implements Comparable<Key> {
        static Key of(WorkspaceId workspace, String name) {
            return new Key(workspace.value(), name);
        }

        @Override
        public int compareTo(Key other) {
            int byWorkspace = workspace.compareTo(other.workspace);
            return byWorkspace != 0 ? byWorkspace : name.compareTo(other.name);
        }
    }

    /** @param contested versions of which another record came later; the log may forget the one that counts */
    private record Entry(
            ConcurrentSkipListMap<Integer, Definition> versions, ConcurrentSkipListMap<Integer, Definition> contested) {
        int deletedAt() {
            return versions.descendingMap().entrySet().stream()
                    .filter(it -> document(it.getValue()).isEmpty())
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(0);
        }
    }

    private static Optional<String> document(Definition definition) {
        return ((AssistantDefinition) definition.resource()).document();
    }

    /** A version that can be run. */
    record KnownAssistant(WorkspaceId workspace, String name, int version, String document, Instant createdAt) {}

    /** A version, or the newest; empty if it is not there, or was deleted. */
    Optional<KnownAssistant> find(WorkspaceId workspace, String name, OptionalInt version) {
        Entry entry = entries.get(Key.of(workspace, name));
        if (entry == null) {
            return Optional.empty();
        }
        int wanted = version.orElseGet(() -> entry.versions().lastKey());
        Definition found = entry.versions().get(wanted);
        return found == null || wanted <= entry.deletedAt() ? Optional.empty() : known(found);
    }

    private static Optional<KnownAssistant> known(Definition definition) {
        int version = ((AssistantDefinition) definition.resource()).version();
        return document(definition)
                .map(it -> new KnownAssistant(
                        definition.workspace().orElseThrow(), definition.name(), version, it, definition.recordedAt()));
    }

    /** The assistants of a workspace in their newest versions, by name. */
    List<KnownAssistant> of(WorkspaceId workspace) {
        List<KnownAssistant> found = new ArrayList<>();
        entries.forEach((key, entry) -> {
            if (key.workspace().equals(workspace.value())) {
                known(entry.versions().lastEntry().getValue()).ifPresent(found::add);
            }
        });
        return found;
    }

    /** The number of the last version that was recorded, be it a deletion; 0 if there was none. */
    int lastVersion(WorkspaceId workspace, String name) {
        Entry entry = entries.get(Key.of(workspace, name));
        return entry == null ? 0 : entry.versions().lastKey();
    }

    /** What counts at a version. */
    Optional<Definition> recorded(WorkspaceId workspace, String name, int version) {
        return Optional.ofNullable(entries.get(Key.of(workspace, name)))
                .map(it -> it.versions().get(version));
    }

    /** What counts, and was overtaken in the log by what does not: to be recorded again. */
    List<Definition> contested(WorkspaceId workspace, String name) {
        Entry entry = entries.get(Key.of(workspace, name));
        return entry == null ? List.of() : List.copyOf(entry.contested().values());
    }

    @Override
    public void clear() {
        entries.clear();
    }

    @Override
    public void apply(Definition definition) {
        switch (definition.resource()) {
            case AssistantDefinition assistant -> put(definition, assistant.version());
            case Definition.ConfigurationVersion _,
                    ProviderCatalogue _,
                    RepositoryDefinition _,
                    ToolServerCatalogue _ -> {}
        }
    }

    private void put(Definition definition, int version) {
        Key key = Key.of(definition.workspace().orElseThrow(), definition.name());
        Entry before = entries.get(key);
        if (before == null) {
            Entry entry = new Entry(new ConcurrentSkipListMap<>(), new ConcurrentSkipListMap<>());
            entry.versions().put(version, definition);
            entries.put(key, entry);
            return;
        }
        Definition first = before.versions().putIfAbsent(version, definition);
        if (first != null && !first.resource().equals(definition.resource())) {
            before.contested().put(version, first);
        } else {
            before.contested().remove(version);
        }
    }
}
