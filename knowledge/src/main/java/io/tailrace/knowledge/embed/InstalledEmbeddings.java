package io.tailrace.knowledge.embed;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The models of embeddings that a process has, by their ids. Thread-safe. */
public final class InstalledEmbeddings implements AutoCloseable {
    private final Map<String, Embeddings> byId = new TreeMap<>();

    /** These models; closed with it. */
    public InstalledEmbeddings(Iterable<Embeddings> models) {
        models.forEach(it -> byId.put(it.model().id(), it));
    }

    /** Loads what the class path has, which takes a model's time. */
    public static InstalledEmbeddings ofTheClassPath() {
        return new InstalledEmbeddings(ServiceLoader.load(Embeddings.class));
    }

    /** In their order. */
    public List<String> ids() {
        return List.copyOf(byId.keySet());
    }

    /** The model of this id; empty if this process has none such. */
    public Optional<Embeddings> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    @Override
    public void close() {
        byId.values().forEach(Embeddings::close);
    }
}
