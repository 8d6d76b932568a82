package io.tailrace.coordinator.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How far a task has read its partition of run-commands. Confined to the partition's stream thread. */
final class CommandPartition {
    private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(5);

    private CommandProgress progress;

    CommandPartition(CommandProgress progress) {
        this.progress = progress;
    }

    /**
     * Takes note of a command, and tells whether it is new. One that lies before what was read is new if it was appended
     * after it: then the topic has lost its end. In doubt it is new, since most of what is decided twice changes nothing.
     */
    boolean isNew(long offset, Instant at) {
        if (offset < progress.nextOffset()
                && progress.lastAppended()
                        .filter(it -> at.isBefore(it.minus(CLOCK_DIFFERENCE)))
                        .isPresent()) {
            return false;
        }
        progress = new CommandProgress(offset + 1, Optional.of(at));
        return true;
    }

    CommandProgress progress() {
        return progress;
    }
}
