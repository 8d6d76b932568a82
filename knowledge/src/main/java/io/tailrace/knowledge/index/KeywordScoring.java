package io.tailrace.knowledge.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Okapi BM25 (Robertson, Walker; k1 = 1.2, b = 0.75) over the chunks that are there at the version, and over no others.
 * Term by term in the question's order, so the sums are the same whatever segments the index has. StrictMath, so they are
 * the same on every processor.
 */
final class KeywordScoring {
    private static final double K1 = 1.2;
    private static final double B = 0.75;

    private KeywordScoring() {}

    static Scores of(Visible visible, List<String> terms) throws IOException {
        List<double[]> rank = new ArrayList<>();
        List<double[]> relevance = new ArrayList<>();
        for (Visible.Segment segment : visible.segments()) {
            rank.add(new double[segment.chunks()]);
            relevance.add(new double[segment.chunks()]);
        }
        double meanLength = visible.chunks() == 0 ? 1 : (double) visible.terms() / visible.chunks();
        for (String term : terms) {
            long having = count(visible, term);
            double rarity = StrictMath.log(1 + (visible.chunks() - having + 0.5) / (having + 0.5));
            for (int i = 0; i < visible.segments().size(); i++) {
                Visible.Segment segment = visible.segments().get(i);
                PostingsEnum postings = postings(segment, term, PostingsEnum.FREQS);
                if (postings == null) {
                    continue;
                }
                int doc;
                while ((doc = postings.nextDoc()) != PostingsEnum.NO_MORE_DOCS) {
                    if (segment.isThere(doc)) {
                        int frequency = postings.freq();
                        double norm = K1 * (1 - B + B * segment.length(doc) / meanLength);
                        rank.get(i)[doc] += rarity * frequency * (K1 + 1) / (frequency + norm);
                        relevance.get(i)[doc] += Relevance.ofTerm(frequency, terms.size());
                    }
                }
            }
        }
        return new Scores(rank, relevance);
    }

    private static long count(Visible visible, String term) throws IOException {
        long having = 0;
        for (Visible.Segment segment : visible.segments()) {
            PostingsEnum postings = postings(segment, term, PostingsEnum.NONE);
            if (postings == null) {
                continue;
            }
            int doc;
            while ((doc = postings.nextDoc()) != PostingsEnum.NO_MORE_DOCS) {
                if (segment.isThere(doc)) {
                    having++;
                }
            }
        }
        return having;
    }

    private static @Nullable PostingsEnum postings(Visible.Segment segment, String term, int flags) throws IOException {
        return segment.reader().postings(new Term(ChunkFields.TERMS, new BytesRef(term)), flags);
    }
}
