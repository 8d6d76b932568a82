package io.tailrace.knowledge.embed;

import java.util.List;

/**
 * The port of embedding models. Implementations are thread-safe, give equal vectors for equal texts whatever else is in
 * the batch, and pass {@code EmbeddingsContract}. A call blocks: for a model of this machine some 10 to 50 ms a text.
 */
public interface Embeddings extends AutoCloseable {
    EmbeddingModel model();

    /**
     * One vector for each text, in order.
     *
     * @throws IllegalArgumentException for a blank text, and for more texts than {@link EmbeddingModel#maxBatch()}
     */
    List<Vector> embed(List<String> texts) throws EmbeddingFailed;

    @Override
    void close();

    /** What every implementation checks first. */
    static void require(EmbeddingModel model, List<String> texts) {
        if (texts.size() > model.maxBatch()) {
            throw new IllegalArgumentException(texts.size() + " texts, " + model.maxBatch() + " are permitted");
        }
        if (texts.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a blank text has no embedding");
        }
    }
}
