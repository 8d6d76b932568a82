package io.tailrace.knowledge.offline;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.tailrace.knowledge.embed.EmbeddingFailed;
import io.tailrace.knowledge.embed.EmbeddingModel;
import io.tailrace.knowledge.embed.Embeddings;
import io.tailrace.knowledge.embed.Vector;
import java.util.List;

/**
 * all-MiniLM-L6-v2, quantised, from the jar of LangChain4j: English in effect. Thread-safe; works in the caller's thread,
 * some 10 to 50 ms a text; about 320 MB of memory outside of the heap, which the process keeps. The model sees 126 tokens
 * and passes over the rest without a word, so chunks are made for {@value #MAX_TOKENS}. Its native tokenizer is unpacked
 * to the folder that the system property {@code DJL_CACHE_DIR} names. Needs {@code --enable-native-access}.
 */
public final class MiniLmEmbeddings implements Embeddings {
    private static final int MAX_TOKENS = 100;
    private static final EmbeddingModel MODEL = new EmbeddingModel("all-minilm-l6-v2-q", 384, MAX_TOKENS, 64);

    private final AllMiniLmL6V2QuantizedEmbeddingModel model;

    /** Loads the model: a second or two. */
    public MiniLmEmbeddings() {
        this.model = new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run);
    }

    @Override
    public EmbeddingModel model() {
        return MODEL;
    }

    @Override
    public List<Vector> embed(List<String> texts) throws EmbeddingFailed {
        Embeddings.require(MODEL, texts);
        if (texts.isEmpty()) {
            return List.of();
        }
        try {
            List<Embedding> embeddings = model.embedAll(
                            texts.stream().map(TextSegment::from).toList())
                    .content();
            return embeddings.stream().map(it -> Vector.of(it.vector())).toList();
        } catch (RuntimeException e) {
            throw new EmbeddingFailed("the offline model gave no vectors", false, e);
        }
    }

    /** Nothing to do: the model belongs to the process. */
    @Override
    public void close() {}
}
