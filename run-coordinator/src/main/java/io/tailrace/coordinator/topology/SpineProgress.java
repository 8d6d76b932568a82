package io.tailrace.coordinator.topology;

import io.tailrace.events.id.AvroName;

/**
 * How far a partition of run-events is known to the state that it is stored with.
 *
 * @param nextOffset the state has everything that was committed before it
 */
@AvroName(namespace = "io.tailrace.coordinator.topology")
public record SpineProgress(long nextOffset) {}
