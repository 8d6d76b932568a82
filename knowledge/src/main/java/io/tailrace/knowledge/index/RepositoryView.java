package io.tailrace.knowledge.index;

import io.tailrace.knowledge.embed.Vector;
import io.tailrace.knowledge.index.Ranking.Candidate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.StoredFields;

/**
 * A repository at a version. It stays what it is while the index goes on. Thread-safe. Closed by whoever asked for it;
 * the index can be closed before.
 */
public final class RepositoryView implements AutoCloseable {
    /** How many chunks each ranking gives: for the fusion, and before the limit for each document is applied. */
    static final int WINDOW = 200;

    private final DirectoryReader reader;
    private final Visible visible;
    private final Analysis analysis;
    private final IndexSettings settings;
    private final long version;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes over one reference to the reader. */
    RepositoryView(DirectoryReader reader, Visible visible, Analysis analysis, IndexSettings settings, long version) {
        this.reader = reader;
        this.visible = visible;
        this.analysis = analysis;
        this.settings = settings;
        this.version = version;
    }

    public long version() {
        return version;
    }

    public long chunks() {
        return visible.chunks();
    }

    /** What the index has on its disk, with the chunks of other versions. */
    long storedChunks() {
        return reader.numDocs();
    }

    /**
     * The best chunks, best first. The answer follows from the changes up to the version, the settings and the question:
     * every index gives the same documents, order and scores. Blocks for the time that a pass over the repository takes.
     *
     * @param limit hits, at most {@value #WINDOW}
     * @param perDocument hits of the same document; the best {@value #WINDOW} chunks are considered
     * @throws IllegalArgumentException for a limit outside of the bounds, and for a vector of another length than the
     *     repository's
     * @throws IOException if the index cannot be read; whoever opens it again gets one that is whole
     */
    public List<Hit> search(Question question, int limit, int perDocument) throws IOException {
        if (limit < 1 || limit > WINDOW || perDocument < 1) {
            throw new IllegalArgumentException("a limit of " + limit + ", " + perDocument + " for a document");
        }
        return switch (question) {
            case Question.Keyword keyword -> {
                Scores scores = KeywordScoring.of(visible, analysis.questionTerms(keyword.text()));
                yield hits(best(scores), limit, perDocument, it -> relevance(scores, it));
            }
            case Question.ByVector vector -> {
                Scores scores = VectorScoring.of(visible, required(vector.vector()));
                yield hits(best(scores), limit, perDocument, it -> relevance(scores, it));
            }
            case Question.Hybrid hybrid -> {
                Scores words = KeywordScoring.of(visible, analysis.questionTerms(hybrid.text()));
                Scores vectors = VectorScoring.of(visible, required(hybrid.vector()));
                yield hits(
                        Ranking.fused(best(words), best(vectors)),
                        limit,
                        perDocument,
                        it -> Relevance.ofBoth(relevance(words, it), relevance(vectors, it)));
            }
        };
    }

    /** The document of this id, if there is one. */
    public Optional<StoredDocument> document(String documentId) throws IOException {
        return new StoredDocuments(visible, reader.storedFields()).find(documentId);
    }

    /**
     * Documents in the order of their ids (by their UTF-8).
     *
     * @param after the id of the document before; empty to begin
     * @param limit at most so many
     */
    public List<StoredDocument> documents(String after, int limit) throws IOException {
        return new StoredDocuments(visible, reader.storedFields()).after(after, limit);
    }

    private interface Scored {
        double score(Candidate candidate);
    }

    private List<Candidate> best(Scores scores) throws IOException {
        return Ranking.best(visible, scores.rank(), WINDOW);
    }

    private static double relevance(Scores scores, Candidate candidate) {
        return scores.relevance().get(candidate.segment())[candidate.doc()];
    }

    private List<Hit> hits(List<Candidate> candidates, int limit, int perDocument, Scored scored) throws IOException {
        Map<String, Integer> taken = new HashMap<>();
        List<Hit> hits = new ArrayList<>();
        StoredFields stored = reader.storedFields();
        for (Candidate candidate : candidates) {
            String document = candidate.key().substring(0, candidate.key().indexOf('\0'));
            if (taken.merge(document, 1, Integer::sum) <= perDocument) {
                int doc = visible.segments().get(candidate.segment()).base() + candidate.doc();
                hits.add(ChunkFields.hit(stored, doc, scored.score(candidate)));
            }
            if (hits.size() == limit) {
                break;
            }
        }
        return List.copyOf(hits);
    }

    private Vector required(Vector vector) {
        int dimensions = settings.model()
                .orElseThrow(() -> new IllegalArgumentException("the repository has no vectors"))
                .dimensions();
        if (vector.dimensions() != dimensions) {
            throw new IllegalArgumentException(vector.dimensions() + " dimensions, not " + dimensions);
        }
        return vector;
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            reader.decRef();
        }
    }
}
