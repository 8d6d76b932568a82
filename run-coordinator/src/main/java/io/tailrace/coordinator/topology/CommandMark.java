package io.tailrace.coordinator.topology;

import io.tailrace.events.id.AvroName;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a partition of run-commands has been decided on, as it is stored with the decisions.
 *
 * @param nextOffset everything before it is decided
 * @param lastAppended when the broker appended the last command that was read; absent before the first
 */
@AvroName(namespace = "io.tailrace.coordinator.topology")
public record CommandMark(long nextOffset, Optional<Instant> lastAppended) {
    /** Nothing was read. */
    static final CommandMark START = new CommandMark(0, Optional.empty());
}
