package io.tailrace.benchmarks;

import io.tailrace.knowledge.chunk.Chunk;
import io.tailrace.knowledge.chunk.ChunkLimits;
import io.tailrace.knowledge.chunk.Chunker;
import io.tailrace.knowledge.embed.EmbeddingFailed;
import io.tailrace.knowledge.embed.Embeddings;
import io.tailrace.knowledge.embed.Vector;
import io.tailrace.knowledge.index.AtVersion;
import io.tailrace.knowledge.index.Change;
import io.tailrace.knowledge.index.Hit;
import io.tailrace.knowledge.index.IndexSettings;
import io.tailrace.knowledge.index.IndexedChunk;
import io.tailrace.knowledge.index.Language;
import io.tailrace.knowledge.index.Question;
import io.tailrace.knowledge.index.RepositoryIndex;
import io.tailrace.knowledge.index.RepositoryView;
import io.tailrace.knowledge.offline.MiniLmEmbeddings;
import io.tailrace.knowledge.text.DocumentFormat;
import io.tailrace.knowledge.text.Extraction;
import io.tailrace.knowledge.text.ExtractionLimits;
import io.tailrace.knowledge.text.PdfProcess;
import io.tailrace.knowledge.text.TextExtractor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The quality of retrieval over the committed corpus, with the offline model: recall@10 and nDCG@10 of the three modes,
 * in all and by kind of question. Ends with 1 if hybrid is worse than keyword in one of the two.
 */
public final class RetrievalBenchmark {
    private static final int DEPTH = 10;

    private enum Mode {
        KEYWORD,
        VECTOR,
        HYBRID;

        Question of(String text, Vector vector) {
            return switch (this) {
                case KEYWORD -> new Question.Keyword(text);
                case VECTOR -> new Question.ByVector(vector);
                case HYBRID -> new Question.Hybrid(text, vector);
            };
        }
    }

    /** Sums of one mode over some questions. */
    private static final class Sums {
        private int questions;
        private double recall;
        private double ndcg;

        double meanRecall() {
            return recall / questions;
        }

        double meanNdcg() {
            return ndcg / questions;
        }
    }

    private final Embeddings embeddings = new MiniLmEmbeddings();
    private final Chunker chunker =
            new Chunker(ChunkLimits.ofTokens(embeddings.model().maxTokens()));
    private final TextExtractor extractor =
            new TextExtractor(ExtractionLimits.DEFAULT, PdfProcess.startedBy(List.of("/no/pdf")));

    private RetrievalBenchmark() {}

    public static void main(String[] args) throws IOException, EmbeddingFailed {
        Path folder = Files.createTempDirectory("retrieval");
        System.exit(new RetrievalBenchmark().run(RetrievalCorpus.committed(), folder) ? 0 : 1);
    }

    private boolean run(RetrievalCorpus corpus, Path folder) throws IOException, EmbeddingFailed {
        IndexSettings settings = new IndexSettings("corpus", Language.ENGLISH, Optional.of(embeddings.model()));
        Map<String, Map<Mode, Sums>> sums = new TreeMap<>();
        try (RepositoryIndex index = RepositoryIndex.open(folder, settings)) {
            index.apply(changes(corpus));
            try (RepositoryView view = ((AtVersion.Found) index.at(index.version())).view()) {
                for (RetrievalCorpus.Question question : corpus.questions()) {
                    Vector vector = embeddings.embed(List.of(question.text())).getFirst();
                    for (Mode mode : Mode.values()) {
                        List<String> found = view.search(mode.of(question.text(), vector), DEPTH, 1).stream()
                                .map(Hit::documentId)
                                .toList();
                        for (String kind : List.of("(all)", question.kind())) {
                            add(
                                    sums.computeIfAbsent(kind, _ -> new TreeMap<>())
                                            .computeIfAbsent(mode, _ -> new Sums()),
                                    found,
                                    question.grades());
                        }
                    }
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%d documents, %d questions, %s%n",
                corpus.documents().size(),
                corpus.questions().size(),
                embeddings.model().id());
        System.out.println("| questions | mode | recall@10 | nDCG@10 |\n|---|---|---|---|");
        sums.forEach((kind, modes) -> modes.forEach((mode, sum) -> System.out.printf(
                Locale.ROOT,
                "| %s (%d) | %s | %.3f | %.3f |%n",
                kind,
                sum.questions,
                mode.name().toLowerCase(Locale.ROOT),
                sum.meanRecall(),
                sum.meanNdcg())));
        Map<Mode, Sums> all = sums.getOrDefault("(all)", Map.of());
        Sums keyword = all.getOrDefault(Mode.KEYWORD, new Sums());
        Sums hybrid = all.getOrDefault(Mode.HYBRID, new Sums());
        return hybrid.meanRecall() >= keyword.meanRecall() && hybrid.meanNdcg() >= keyword.meanNdcg();
    }

    private static void add(Sums sums, List<String> found, Map<String, Integer> grades) {
        sums.questions++;
        sums.recall += RetrievalMeasure.recall(found, grades, DEPTH);
        sums.ndcg += RetrievalMeasure.ndcg(found, grades, DEPTH);
    }

    private List<Change> changes(RetrievalCorpus corpus) throws EmbeddingFailed {
        List<Change> changes = new ArrayList<>();
        for (RetrievalCorpus.Document document : corpus.documents()) {
            byte[] bytes = document.text().getBytes(StandardCharsets.UTF_8);
            List<IndexedChunk> chunks = new ArrayList<>();
            for (Chunk chunk : chunker.chunk(
                    ((Extraction.Extracted) extractor.extract(DocumentFormat.MARKDOWN, bytes)).document())) {
                Vector vector = embeddings.embed(List.of(chunk.text())).getFirst();
                chunks.add(new IndexedChunk(chunk, Optional.of(vector)));
            }
            changes.add(new Change.Put(changes.size(), document.id(), document.title(), "", chunks));
        }
        return changes;
    }
}
