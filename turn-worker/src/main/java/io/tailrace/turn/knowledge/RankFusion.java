package io.tailrace.turn.knowledge;

import io.tailrace.events.plan.Retrieval.Source;
import io.tailrace.knowledge.index.Hit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One ranking of several by reciprocal rank: a chunk counts {@code 1 / (60 + rank)} for each ranking that has it, ranks
 * from 1 (Cormack, Clarke, Büttcher: Reciprocal Rank Fusion, SIGIR 2009). Scores of different repositories are not
 * compared. Equal chunks are ordered by the first source that has them, then by document and place. Pure.
 */
final class RankFusion {
    private static final int OFFSET = 60;

    private static final Comparator<Fused> BEST_FIRST = Comparator.comparingDouble(Fused::weight)
            .reversed()
            .thenComparingInt(Fused::ranking)
            .thenComparing(it -> it.chunk().hit().documentId())
            .thenComparingInt(it -> it.chunk().hit().ordinal());

    private RankFusion() {}

    /** What makes two chunks the same, also if two sources are the same repository. */
    private record Identity(String repository, int generation, String document, long version, int ordinal) {
        static Identity of(FoundChunk chunk) {
            Source source = chunk.source();
            Hit hit = chunk.hit();
            return new Identity(
                    source.repository(), source.generation(), hit.documentId(), hit.version(), hit.ordinal());
        }
    }

    /** @param ranking the first that has the chunk */
    private record Fused(FoundChunk chunk, int ranking, double weight) {
        Fused plus(double more) {
            return new Fused(chunk, ranking, weight + more);
        }
    }

    /** @param rankings one for each source, in the sources' order; best first */
    static List<FoundChunk> fused(List<List<FoundChunk>> rankings) {
        Map<Identity, Fused> all = new LinkedHashMap<>();
        for (int ranking = 0; ranking < rankings.size(); ranking++) {
            List<FoundChunk> chunks = rankings.get(ranking);
            for (int i = 0; i < chunks.size(); i++) {
                double weight = 1.0 / (OFFSET + i + 1);
                Fused here = new Fused(chunks.get(i), ranking, weight);
                all.merge(Identity.of(chunks.get(i)), here, (one, _) -> one.plus(weight));
            }
        }
        List<Fused> sorted = new ArrayList<>(all.values());
        sorted.sort(BEST_FIRST);
        return sorted.stream().map(Fused::chunk).toList();
    }
}
