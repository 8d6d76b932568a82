package io.tailrace.coordinator.decide;

import io.tailrace.events.build.BuildFact;
import io.tailrace.events.command.RunCommand.CancelRun;
import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.EventHeaders;
import java.util.Optional;

/** What a run's fate is decided on: a record of the log, and the moment it was appended at. */
public sealed interface Input {
    /** When it came. */
    Moment moment();

    /** A client asks for a run. */
    record Create(Moment moment, RunId run, CreateRun command) implements Input {}

    /** A client asks for the run's end. */
    record Cancel(Moment moment, CancelRun command) implements Input {}

    /**
     * A record of one of the run's stages.
     *
     * @param fact what it says; absent where only its headers matter, and where it cannot be decoded
     */
    record StageRecord(Moment moment, long offset, EventHeaders headers, Optional<BuildFact> fact) implements Input {}

    /** The partition's clock has ticked. */
    record Tick(Moment moment) implements Input {}
}
