package io.tailrace.knowledge.chunk;

import java.util.List;

/**
 * A piece of a document.
 *
 * @param ordinal from 0, in the document's order
 * @param start in the document's text, in UTF-16 units
 * @param end behind its last character
 * @param headings from the outermost to the one that its end stands under; up to six
 * @param text the document's text from {@code start} to {@code end}
 * @param cutsCode whether it has a part of a code block that is too long for one chunk
 */
public record Chunk(int ordinal, int start, int end, List<String> headings, String text, boolean cutsCode) {
    public Chunk {
        headings = List.copyOf(headings);
        if (ordinal < 0 || start < 0 || end - start != text.length() || text.isBlank()) {
            throw new IllegalArgumentException("a chunk from " + start + " to " + end);
        }
    }
}
