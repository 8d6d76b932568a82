package io.tailrace.gateway.repository;

import io.tailrace.gateway.problem.KnowledgeProblem;
import io.tailrace.knowledge.chunk.Chunk;
import io.tailrace.knowledge.embed.EmbeddingFailed;
import io.tailrace.knowledge.embed.Embeddings;
import io.tailrace.knowledge.embed.InstalledEmbeddings;
import io.tailrace.knowledge.embed.Vector;
import io.tailrace.knowledge.log.RepositoryLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The vectors of questions and chunks, by the models that this gateway has: those on its class path. Thread-safe. */
final class EmbeddingModels implements AutoCloseable {
    private final InstalledEmbeddings installed;

    EmbeddingModels(InstalledEmbeddings installed) {
        this.installed = installed;
    }

    /** Loads what the class path has, which takes a model's time. */
    static EmbeddingModels ofTheClassPath() {
        return new EmbeddingModels(InstalledEmbeddings.ofTheClassPath());
    }

    List<String> ids() {
        return installed.ids();
    }

    Optional<Embeddings> find(String id) {
        return installed.find(id);
    }

    /** Whether the repository has vectors, and its questions can be embedded here. */
    boolean has(RepositoryLog log) {
        return log.shape().model().flatMap(it -> find(it.id())).isPresent();
    }

    private Embeddings require(RepositoryLog log) {
        String id = log.shape()
                .model()
                .orElseThrow(() -> KnowledgeProblem.repositoryWithoutModel(log.id()))
                .id();
        return find(id).orElseThrow(() -> KnowledgeProblem.modelNotHere(id));
    }

    /** A question's vector. Blocks. */
    Vector of(RepositoryLog log, String question) {
        try {
            return require(log).embed(List.of(question)).getFirst();
        } catch (EmbeddingFailed e) {
            throw KnowledgeProblem.embeddingFailed(e);
        }
    }

    /** A vector for each chunk; none in a repository without a model. Blocks. */
    List<Vector> of(RepositoryLog log, List<Chunk> chunks) {
        if (log.shape().model().isEmpty()) {
            return List.of();
        }
        Embeddings embeddings = require(log);
        int batch = embeddings.model().maxBatch();
        List<Vector> vectors = new ArrayList<>();
        try {
            for (int i = 0; i < chunks.size(); i += batch) {
                List<Chunk> some = chunks.subList(i, Math.min(chunks.size(), i + batch));
                vectors.addAll(embeddings.embed(some.stream().map(Chunk::text).toList()));
            }
        } catch (EmbeddingFailed e) {
            throw KnowledgeProblem.embeddingFailed(e);
        }
        return vectors;
    }

    @Override
    public void close() {
        installed.close();
    }
}
