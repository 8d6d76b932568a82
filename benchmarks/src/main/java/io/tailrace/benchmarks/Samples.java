package io.tailrace.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Measured durations in milliseconds. Immutable. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Samples(double[] sorted) {
    static Samples of(List<Double> milliseconds) {
        double[] sorted = milliseconds.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return new Samples(sorted);
    }

    /** The smallest value that this share of the samples does not exceed. */
    double percentile(double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "n=%d  p50 %.1f ms  p90 %.1f ms  p99 %.1f ms  max %.1f ms",
                sorted.length,
                percentile(0.5),
                percentile(0.9),
                percentile(0.99),
                sorted[sorted.length - 1]);
    }
}
