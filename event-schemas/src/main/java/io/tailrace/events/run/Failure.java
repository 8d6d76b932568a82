package io.tailrace.events.run;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.text.Excerpt;
import java.util.Optional;

/**
 * Why something failed, for machines and for people.
 *
 * <p>What the coordinator states of a stage's failure is at most as long as {@link #bounded()} leaves it, whatever the
 * worker's own record has.
 *
 * @param code stable, snake_case
 * @param message what happened and what can be done about it
 * @param phase the phase of a build that it happened in
 */
@AvroName(namespace = "io.tailrace.events.run")
public record Failure(String code, String message, Optional<String> phase) {
    /** The longest code and phase that {@link #bounded()} leaves, in characters. */
    public static final int MAX_NAME = 128;

    /** The longest message that {@link #bounded()} leaves, in characters. */
    public static final int MAX_MESSAGE = 4096;

    /** The same with texts that are cut where they are longer than {@link #MAX_NAME} and {@link #MAX_MESSAGE}. */
    public Failure bounded() {
        return new Failure(cut(code, MAX_NAME), cut(message, MAX_MESSAGE), phase.map(it -> cut(it, MAX_NAME)));
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : Excerpt.of(text, longest - Excerpt.ELLIPSIS.length());
    }

    /** A failure that no phase stands for. */
    public static Failure of(String code, String message) {
        return new Failure(code, message, Optional.empty());
    }
}
