package io.tailrace.knowledge.embed;

/**
 * What vectors must agree on to be compared.
 *
 * @param id names model, version and whatever else changes its vectors
 * @param dimensions of each vector
 * @param maxTokens of a text, by {@link io.tailrace.knowledge.chunk.TokenEstimate}; what stands behind is not seen by
 *     the model
 * @param maxBatch texts in one call
 */
public record EmbeddingModel(String id, int dimensions, int maxTokens, int maxBatch) {
    /** Vectors are read one by one, and their length bounds what a search costs. */
    public static final int MAX_DIMENSIONS = 4096;

    public EmbeddingModel {
        if (id.isBlank() || dimensions < 1 || dimensions > MAX_DIMENSIONS || maxTokens < 1 || maxBatch < 1) {
            throw new IllegalArgumentException("no model of embeddings: " + id + ", " + dimensions);
        }
    }
}
