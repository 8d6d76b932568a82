package io.tailrace.coordinator.topology;

import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.TurnEvent;

/**
 * Where ticks and forced ends are appended, outside of the topology's transactions: a worker topic never sees an open
 * one. What is appended takes effect when it is read back, and is appended again while it is not, so a failure is counted
 * and logged and otherwise of no consequence. Thread-safe.
 */
public interface StageEventLog {
    /** Appends to this partition of build-events. Does not wait for the broker. */
    void append(int partition, BuildEvent event);

    /** Appends to this partition of turn-events. Does not wait for the broker. */
    void append(int partition, TurnEvent event);
}
