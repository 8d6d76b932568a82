package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.StageEnd;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.EventHeaders;
import java.util.Optional;

/** What a record of a source topic turns out to be. */
sealed interface Arrival {
    /** A client's command. */
    record OfClient(RunCommand command) implements Arrival {}

    /**
     * A record of a stage.
     *
     * @param end decoded where the record ends its stage
     * @param unreadable why it could not be decoded although it is needed
     */
    record OfStage(RunId run, EventHeaders headers, Optional<StageEnd> end, Optional<String> unreadable)
            implements Arrival {}

    /** The partition's clock. */
    record OfClock(EventId tick) implements Arrival {}

    /** Nothing of ours, says the intake rule. */
    record Foreign(Refusal refusal, String reason) implements Arrival {}

    /** Nothing that can be made sense of. */
    record Malformed(String reason) implements Arrival {}
}
