package io.tailrace.events.run;

import java.util.Optional;

/**
 * Why something failed, for machines and for people.
 *
 * @param code stable, snake_case
 * @param message what happened and what can be done about it
 * @param phase the phase of a build that it happened in
 */
public record Failure(String code, String message, Optional<String> phase) {
    /** A failure that no phase stands for. */
    public static Failure of(String code, String message) {
        return new Failure(code, message, Optional.empty());
    }
}
