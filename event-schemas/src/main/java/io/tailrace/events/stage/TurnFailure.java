package io.tailrace.events.stage;

import io.tailrace.events.id.AvroName;
import java.util.Map;

/**
 * Why a turn has no answer, or not all of it.
 *
 * @param code stable, snake_case: {@code unknown_provider}, {@code rate_limited}, {@code canceled} and so on
 * @param message what happened and what can be done about it
 * @param recoverable whether the same turn could succeed later, without a change
 * @param details for machines: status codes, waiting times, what was asked for
 */
@AvroName(namespace = "io.tailrace.events.turn")
public record TurnFailure(String code, String message, boolean recoverable, Map<String, String> details) {
    /** The code of a turn that was canceled. */
    public static final String CANCELED = "canceled";

    public TurnFailure {
        details = Map.copyOf(details);
    }

    /** Whether the turn was canceled. */
    public boolean isCancel() {
        return code.equals(CANCELED);
    }
}
