package io.tailrace.knowledge.index;

import io.tailrace.knowledge.embed.Vector;

/** How a repository is searched. */
public sealed interface Question {
    /** Longer texts are no questions. */
    int MAX_CHARACTERS = 8192;

    /** By the words that chunk and question have in common. */
    record Keyword(String text) implements Question {
        public Keyword {
            requireShort(text);
        }
    }

    /** By the direction of the vectors. */
    record ByVector(Vector vector) implements Question {}

    /** By both; the two rankings are fused. */
    record Hybrid(String text, Vector vector) implements Question {
        public Hybrid {
            requireShort(text);
        }
    }

    private static void requireShort(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException(text.length() + " characters, " + MAX_CHARACTERS + " are permitted");
        }
    }
}
