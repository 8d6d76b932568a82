package io.tailrace.knowledge.index;

import java.util.List;

/**
 * A chunk that was found.
 *
 * @param version the position of the put that the document's text is from
 * @param ordinal of the chunk in its document
 * @param start in the document's text, in UTF-16 units
 * @param end behind the last
 * @param score 0 to 1, from question and chunk alone ({@link Relevance}); hits are ordered by their rank, which compares
 *     them with the repository's other chunks, and not by this
 */
public record Hit(
        String documentId,
        String title,
        long version,
        int ordinal,
        int start,
        int end,
        List<String> headings,
        String text,
        double score) {}
