package io.tailrace.coordinator.topology;

import io.tailrace.events.log.TraceContext;
import io.tailrace.events.stage.StageEvent;
import java.util.Optional;

/**
 * Where ticks and forced ends are appended, outside of the topology's transactions: a worker topic never sees an open
 * one. What is appended takes effect when it is read back, and is appended again while it is not, so a failure is counted
 * and logged and otherwise of no consequence. Thread-safe.
 */
public interface StageEventLog {
    /**
     * Appends to this partition of the topic of the event's kind. Does not wait for the broker.
     *
     * @param trace what the record goes out with
     */
    void append(int partition, StageEvent event, Optional<TraceContext> trace);
}
