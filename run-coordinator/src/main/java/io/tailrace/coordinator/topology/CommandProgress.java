package io.tailrace.coordinator.topology;

import io.tailrace.events.id.AvroName;
import java.time.Instant;
import java.util.Optional;

/**
 * The next offset of a run-commands partition. Stored with the decisions.
 *
 * @param nextOffset all commands before it are decided
 * @param lastAppended when the broker appended the last command that was read; absent before the first
 */
@AvroName(namespace = "io.tailrace.coordinator.topology", name = "CommandMark")
public record CommandProgress(long nextOffset, Optional<Instant> lastAppended) {
    /** Nothing was read. */
    static final CommandProgress START = new CommandProgress(0, Optional.empty());
}
