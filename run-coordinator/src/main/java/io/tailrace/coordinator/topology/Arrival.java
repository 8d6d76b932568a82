package io.tailrace.coordinator.topology;

import io.tailrace.events.build.BuildFact;
import io.tailrace.events.command.RunCommand;
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
     * @param fact decoded where the decider needs it
     * @param unreadable why it could not be decoded although it is needed
     */
    record OfStage(RunId run, EventHeaders headers, Optional<BuildFact> fact, Optional<String> unreadable)
            implements Arrival {}

    /** The partition's clock. */
    record OfClock() implements Arrival {}

    /** Nothing that can be made sense of. */
    record Malformed(String reason) implements Arrival {}
}
