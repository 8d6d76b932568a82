package io.tailrace.knowledge.index;

/**
 * How well a chunk answers a question, 0 to 1: a function of the two alone. No statistics of the repository enter, so
 * the score of a chunk does not move when other documents come and go (decision 032). It does not say which of two chunks
 * is first; ranks do.
 */
final class Relevance {
    /** A term's first occurrence counts 2/3, the second brings it to 4/5. */
    private static final double HALF = 0.5;

    private Relevance() {}

    /** What one of the question's terms adds for a chunk that has it so often. */
    static double ofTerm(int frequency, int questionTerms) {
        return frequency / (frequency + HALF) / questionTerms;
    }

    /** What points away from the question is not more than unrelated. */
    static double ofCosine(double cosine) {
        return Math.clamp(cosine, 0.0, 1.0);
    }

    /** One good reason is enough. */
    static double ofBoth(double keyword, double vector) {
        return Math.max(keyword, vector);
    }
}
