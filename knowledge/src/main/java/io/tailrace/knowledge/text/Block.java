package io.tailrace.knowledge.text;

/** A part of a text, from {@code start} to before {@code end}, in UTF-16 units. */
public sealed interface Block {
    int start();

    int end();

    /** A heading, of level 1 to 6. */
    record Heading(int start, int end, int level, String title) implements Block {
        /** Longer titles are cut. */
        static final int MAX_TITLE = 200;

        public Heading {
            if (level < 1 || level > 6) {
                throw new IllegalArgumentException("a heading of level " + level);
            }
            title = CleanText.shortened(title.strip(), MAX_TITLE);
        }
    }

    record Prose(int start, int end) implements Block {}

    /** A code block with its fences, if it has any. */
    record Code(int start, int end) implements Block {}
}
