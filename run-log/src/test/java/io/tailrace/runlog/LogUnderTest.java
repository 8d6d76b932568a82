package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.TurnEvent;
import org.jspecify.annotations.Nullable;

/** A log that tests write, and the port under test that reads it. */
public interface LogUnderTest extends AutoCloseable {
    RunLog log();

    /** The partition of a run. */
    int partition(RunId run);

    /** Appends to run-events, committed. Returns the offset. */
    long append(RunEvent event);

    /** Appends to build-events. Returns the offset. */
    long append(BuildEvent event);

    /** Appends to build-events without waiting for it; in order with what is appended after it. */
    void appendSoon(BuildEvent event);

    /** Appends to turn-events. Returns the offset. */
    long append(TurnEvent event);

    /** Appends any value, or none, under any headers. Returns the offset. */
    long append(Topic topic, RunId run, EventHeaders headers, byte @Nullable [] value);

    /** Retention takes what lies before an offset. */
    void trim(Topic topic, RunId run, long offset);

    /** The offset after the last record. */
    long end(Topic topic, RunId run);

    /** The epoch of the log. */
    long epoch();

    @Override
    void close();
}
