package io.tailrace.knowledge.index;

import java.util.List;

/**
 * What one way of searching says of each chunk, by segment and number: how high it ranks (0: not found), and how relevant
 * it is. 16 bytes for each chunk of the index.
 */
record Scores(List<double[]> rank, List<double[]> relevance) {}
