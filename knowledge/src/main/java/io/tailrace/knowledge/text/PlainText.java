package io.tailrace.knowledge.text;

import java.util.ArrayList;
import java.util.List;

/** Paragraphs are what stands between empty lines. */
final class PlainText {
    private PlainText() {}

    static DocumentText of(String text) {
        List<Block> blocks = new ArrayList<>();
        paragraphs(text, 0, text.length(), blocks);
        return new DocumentText(text, blocks);
    }

    /** Adds the paragraphs of a part of the text, a whole number of lines. */
    static void paragraphs(String text, int from, int to, List<Block> blocks) {
        int paragraph = -1;
        int last = -1;
        int line = from;
        while (line < to) {
            int end = text.indexOf('\n', line);
            if (end < 0 || end > to) {
                end = to;
            }
            if (CleanText.isBlank(text, line, end)) {
                if (paragraph >= 0) {
                    blocks.add(new Block.Prose(paragraph, last));
                    paragraph = -1;
                }
            } else {
                if (paragraph < 0) {
                    paragraph = line;
                }
                last = end;
            }
            line = end + 1;
        }
        if (paragraph >= 0) {
            blocks.add(new Block.Prose(paragraph, last));
        }
    }
}
