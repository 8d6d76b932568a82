package io.tailrace.benchmarks;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How good a list of documents is as an answer, by judged grades. A document counts at its first place only. */
final class RetrievalMeasure {
    private RetrievalMeasure() {}

    /** The share of the documents with a grade that are among the first {@code depth}. */
    static double recall(List<String> found, Map<String, Integer> grades, int depth) {
        Set<String> first = new HashSet<>(found.subList(0, Math.min(depth, found.size())));
        return grades.keySet().stream().filter(first::contains).count() / (double) grades.size();
    }

    /**
     * The normalised discounted cumulative gain (Järvelin, Kekäläinen 2002), with {@code 2^grade - 1} as the gain and
     * {@code log2(place + 1)} as the discount.
     */
    static double ndcg(List<String> found, Map<String, Integer> grades, int depth) {
        Set<String> seen = new HashSet<>();
        double gain = 0;
        for (int i = 0; i < Math.min(depth, found.size()); i++) {
            if (seen.add(found.get(i))) {
                gain += gain(grades.getOrDefault(found.get(i), 0), i);
            }
        }
        List<Integer> ideal =
                grades.values().stream().sorted((a, b) -> b - a).limit(depth).toList();
        double best = 0;
        for (int i = 0; i < ideal.size(); i++) {
            best += gain(ideal.get(i), i);
        }
        return gain / best;
    }

    private static double gain(int grade, int index) {
        return ((1 << grade) - 1) * Math.log(2) / Math.log(index + 2.0);
    }
}
