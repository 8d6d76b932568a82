package io.tailrace.knowledge.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every model's adapter keeps. A subclass names the model; it is not closed between tests. */
public abstract class EmbeddingsContract {
    private static final List<String> TEXTS = List.of(
            "The kettle is hot.",
            "int retries = 3;",
            "The kettle is hot.",
            "Gr\u00fc\u00dfe aus K\u00f6ln \uD83D\uDE00");

    protected abstract Embeddings embeddings();

    @Test
    void everyTextGetsItsVectorInOrder() throws EmbeddingFailed {
        List<Vector> vectors = embeddings().embed(TEXTS);
        assertThat(vectors).hasSize(TEXTS.size());
        assertThat(vectors)
                .allMatch(it -> it.dimensions() == embeddings().model().dimensions());
        assertThat(vectors.get(0)).isEqualTo(vectors.get(2)).isNotEqualTo(vectors.get(1));
    }

    @Test
    void aVectorFollowsFromItsTextAlone() throws EmbeddingFailed {
        List<Vector> together = embeddings().embed(TEXTS);
        for (int i = 0; i < TEXTS.size(); i++) {
            assertThat(embeddings().embed(List.of(TEXTS.get(i)))).containsExactly(together.get(i));
        }
    }

    @Test
    void threadsDoNotDisturbEachOther() throws Exception {
        List<Vector> alone = embeddings().embed(TEXTS);
        Callable<List<Vector>> call = () -> embeddings().embed(TEXTS);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<List<Vector>> vectors : threads.invokeAll(Collections.nCopies(8, call))) {
                assertThat(vectors.get()).isEqualTo(alone);
            }
        }
    }

    @Test
    void nothingGivesNothing() throws EmbeddingFailed {
        assertThat(embeddings().embed(List.of())).isEmpty();
    }

    @Test
    void blankTextsAndTooManyAreTheCallersFault() {
        assertThatThrownBy(() -> embeddings().embed(List.of("a", " \n"))).isInstanceOf(IllegalArgumentException.class);
        List<String> many = Collections.nCopies(embeddings().model().maxBatch() + 1, "a");
        assertThatThrownBy(() -> embeddings().embed(many)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textsThatAreTooLongGetAVectorToo() throws EmbeddingFailed {
        String text = "word ".repeat(5 * embeddings().model().maxTokens());
        assertThat(embeddings().embed(List.of(text))).hasSize(1);
    }
}
