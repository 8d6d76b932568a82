package io.tailrace.knowledge.chunk;

/**
 * Bounds of a chunk.
 *
 * @param maxTokens by {@link TokenEstimate}
 * @param maxCharacters in UTF-16 units; what bounds white space, and words without an end
 */
public record ChunkLimits(int maxTokens, int maxCharacters) {
    public ChunkLimits {
        // A character above the basic plane has two units.
        if (maxTokens < 1 || maxCharacters < 2) {
            throw new IllegalArgumentException("a chunk has room for a character");
        }
    }

    /** The usual limits for a model that reads so many tokens. */
    public static ChunkLimits ofTokens(int maxTokens) {
        return new ChunkLimits(maxTokens, 16 * maxTokens);
    }
}
