package io.tailrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the figures of retrieval rest on. */
class RetrievalCorpusTest {

    @Test
    void theCommittedCorpusIsTheOneThatIsWritten() throws IOException {
        assertThat(RetrievalCorpus.committed()).isEqualTo(RetrievalCorpusWriter.corpus());
    }

    @Test
    void itIsLargeEnoughAndItsAnswersExist() throws IOException {
        RetrievalCorpus corpus = RetrievalCorpus.committed();
        assertThat(corpus.documents()).hasSizeGreaterThanOrEqualTo(500);
        assertThat(corpus.questions()).hasSizeGreaterThanOrEqualTo(100);
        assertThat(corpus.documents()).extracting(RetrievalCorpus.Document::id).doesNotHaveDuplicates();
        assertThat(corpus.documents())
                .extracting(RetrievalCorpus.Document::text)
                .doesNotHaveDuplicates();
        assertThat(corpus.questions())
                .extracting(RetrievalCorpus.Question::text)
                .doesNotHaveDuplicates();
        List<String> ids =
                corpus.documents().stream().map(RetrievalCorpus.Document::id).toList();
        assertThat(corpus.questions()).allSatisfy(it -> {
            assertThat(it.grades()).isNotEmpty();
            assertThat(ids).containsAll(it.grades().keySet());
            assertThat(it.grades().values()).allMatch(grade -> grade == 1 || grade == 2);
        });
        assertThat(corpus.questions().stream()
                        .collect(Collectors.groupingBy(RetrievalCorpus.Question::kind, Collectors.counting())))
                .isEqualTo(Map.of("same words", 38L, "other words", 32L, "described", 10L, "one of many", 20L));
    }

    @Test
    void measuresCountPlacesAndGrades() {
        Map<String, Integer> grades = Map.of("a", 2, "b", 1);
        assertThat(RetrievalMeasure.recall(List.of("x", "b"), grades, 10)).isEqualTo(0.5);
        assertThat(RetrievalMeasure.recall(List.of("x", "b"), grades, 1)).isZero();
        assertThat(RetrievalMeasure.ndcg(List.of("a", "b"), grades, 10)).isCloseTo(1, within(1e-12));
        // (3 / log2(3)) / (3 + 1 / log2(3))
        assertThat(RetrievalMeasure.ndcg(List.of("x", "a", "a"), grades, 10)).isCloseTo(0.52129, within(1e-4));
        assertThat(RetrievalMeasure.ndcg(List.of("b", "a"), grades, 10)).isCloseTo(0.79671, within(1e-4));
        assertThat(RetrievalMeasure.ndcg(List.of(), grades, 10)).isZero();
    }
}
