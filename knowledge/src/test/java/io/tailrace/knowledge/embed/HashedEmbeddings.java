package io.tailrace.knowledge.embed;

import java.util.List;
import java.util.Locale;

/** A model for tests: words are hashed to directions and added. It knows no meaning; equal words are near each other. */
public final class HashedEmbeddings implements Embeddings {
    private final EmbeddingModel model;

    /** As a service loader makes it. */
    public HashedEmbeddings() {
        this(16);
    }

    public HashedEmbeddings(int dimensions) {
        this.model = new EmbeddingModel("hashed-words-1", dimensions, 100, 64);
    }

    @Override
    public EmbeddingModel model() {
        return model;
    }

    @Override
    public List<Vector> embed(List<String> texts) {
        Embeddings.require(model, texts);
        return texts.stream().map(this::vector).toList();
    }

    private Vector vector(String text) {
        float[] sum = new float[model.dimensions()];
        for (String word : text.toLowerCase(Locale.ROOT).strip().split("\\s+", -1)) {
            long bits = word.hashCode() * 0x9E3779B97F4A7C15L + 1;
            for (int i = 0; i < sum.length; i++) {
                bits ^= bits << 13;
                bits ^= bits >>> 7;
                bits ^= bits << 17;
                sum[i] += (bits >> 40) / (float) (1 << 23);
            }
        }
        return Vector.of(sum);
    }

    @Override
    public void close() {}
}
