package io.tailrace.knowledge.text;

import java.util.List;

/**
 * A document's text and its blocks. Positions of chunks refer to this text. The blocks are in order, do not overlap,
 * and leave out nothing but white space. Lines end with {@code \n}; there are no other control characters but tabs, and
 * no lone surrogates.
 */
public record DocumentText(String text, List<Block> blocks) {
    public DocumentText {
        blocks = List.copyOf(blocks);
        int covered = 0;
        for (Block block : blocks) {
            if (block.start() < covered || block.end() <= block.start() || block.end() > text.length()) {
                throw new IllegalArgumentException("blocks overlap or lie outside of the text: " + block);
            }
            requireBlank(text, covered, block.start());
            covered = block.end();
        }
        requireBlank(text, covered, text.length());
    }

    private static void requireBlank(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Character.isWhitespace(text.charAt(i))) {
                throw new IllegalArgumentException("text at " + i + " is in no block");
            }
        }
    }
}
