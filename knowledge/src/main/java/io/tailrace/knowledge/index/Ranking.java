package io.tailrace.knowledge.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.util.BytesRef;

/**
 * The best chunks, by rank and then by key. Never by Lucene's numbers, which depend on how the index was built.
 */
final class Ranking {
    /**
     * Two rankings become one by reciprocal ranks (Cormack, Clarke, Büttcher 2009), whose constant this is: the sum of
     * {@code 1 / (60 + rank)}.
     */
    private static final int FUSION = 60;

    /** @param doc by the segment's numbers */
    record Candidate(int segment, int doc, String key, double rank) {}

    private static final Comparator<Candidate> BEST_FIRST =
            Comparator.comparingDouble(Candidate::rank).reversed().thenComparing(Candidate::key);

    private Ranking() {}

    static List<Candidate> best(Visible visible, List<double[]> rank, int count) throws IOException {
        double least = least(rank, count);
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < rank.size(); i++) {
            double[] ranks = rank.get(i);
            BinaryDocValues keys = visible.segments().get(i).reader().getBinaryDocValues(ChunkFields.KEY);
            for (int doc = 0; doc < ranks.length; doc++) {
                if (ranks[doc] > 0 && ranks[doc] >= least) {
                    if (!keys.advanceExact(doc)) {
                        throw new IOException("a chunk without its key");
                    }
                    BytesRef key = keys.binaryValue();
                    candidates.add(new Candidate(i, doc, key.utf8ToString(), ranks[doc]));
                }
            }
        }
        candidates.sort(BEST_FIRST);
        return candidates.size() <= count ? candidates : candidates.subList(0, count);
    }

    /** The rank of the last that is wanted; all that are equal to it are looked at. */
    private static double least(List<double[]> rank, int count) {
        PriorityQueue<Double> best = new PriorityQueue<>(count + 1);
        for (double[] ranks : rank) {
            for (double value : ranks) {
                if (value > 0 && (best.size() < count || value > best.element())) {
                    best.add(value);
                    if (best.size() > count) {
                        best.remove();
                    }
                }
            }
        }
        return best.size() < count ? 0 : best.element();
    }

    static List<Candidate> fused(List<Candidate> first, List<Candidate> second) {
        Map<String, Candidate> byKey = new HashMap<>();
        for (List<Candidate> list : List.of(first, second)) {
            for (int i = 0; i < list.size(); i++) {
                Candidate candidate = list.get(i);
                double share = 1.0 / (FUSION + i + 1);
                byKey.merge(
                        candidate.key(),
                        new Candidate(candidate.segment(), candidate.doc(), candidate.key(), share),
                        (a, b) -> new Candidate(a.segment(), a.doc(), a.key(), a.rank() + b.rank()));
            }
        }
        return byKey.values().stream().sorted(BEST_FIRST).toList();
    }
}
