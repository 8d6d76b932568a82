package io.tailrace.knowledge.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.embedding.onnx.HuggingFaceTokenCountEstimator;
import io.tailrace.knowledge.chunk.TokenEstimate;
import io.tailrace.knowledge.embed.EmbeddingFailed;
import io.tailrace.knowledge.embed.Embeddings;
import io.tailrace.knowledge.embed.EmbeddingsContract;
import io.tailrace.knowledge.embed.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;

class MiniLmEmbeddingsTest extends EmbeddingsContract {
    private static final Embeddings EMBEDDINGS = new MiniLmEmbeddings();
    /** What the model sees of a text. */
    private static final int SEEN = 126;

    @Override
    protected Embeddings embeddings() {
        return EMBEDDINGS;
    }

    @Test
    void likeMeaningsAreNear() throws EmbeddingFailed {
        List<Vector> vectors = EMBEDDINGS.embed(List.of(
                "How do I heat water?", "The kettle boils it within two minutes.", "Tax returns are due in May."));
        assertThat(vectors.get(0).cosine(vectors.get(1)))
                .isGreaterThan(vectors.get(0).cosine(vectors.get(2)) + 0.2);
    }

    /** A chunk that fits by our estimate is seen as a whole by the model. */
    @Test
    void theEstimateIsNotTooLow() {
        HuggingFaceTokenCountEstimator tokenizer = new HuggingFaceTokenCountEstimator();
        for (String text : List.of(
                "The quick brown fox jumps over the lazy dog, and nobody minds. ",
                "Idempotency keys deduplicate retransmissions throughout asynchronous microservices. ",
                "public static Optional<Duration> parseRetryAfterHeader(HttpHeaders headers, Clock clock) { ",
                "int[] a = {1, 22, 333, 4444}; a[i++] += x << 3; // !? ",
                "2026-11-30T09:49:53Z 192.168.0.1 0x7fffdeadbeef 3.14159 ",
                "Die Geschwindigkeitsbegrenzung gilt f\u00fcr Stra\u00dfenbahnen \u00fcberall. ",
                "\u6771\u4eac\u90fd\u306e\u5929\u6c17 \u041c\u043e\u0441\u043a\u0432\u0430 \u0391\u03b8\u03ae\u03bd\u03b1 ")) {
            StringBuilder chunk = new StringBuilder();
            while (TokenEstimate.of(chunk + text) <= EMBEDDINGS.model().maxTokens()) {
                chunk.append(text);
            }
            assertThat(tokenizer.estimateTokenCountInText(chunk.toString()))
                    .as(text)
                    .isLessThanOrEqualTo(SEEN);
        }
    }
}
