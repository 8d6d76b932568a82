package io.tailrace.knowledge.embed;

class HashedEmbeddingsTest extends EmbeddingsContract {
    private final Embeddings embeddings = new HashedEmbeddings(16);

    @Override
    protected Embeddings embeddings() {
        return embeddings;
    }
}
