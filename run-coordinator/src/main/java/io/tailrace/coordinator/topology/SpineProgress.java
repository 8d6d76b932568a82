package io.tailrace.coordinator.topology;

import io.tailrace.events.id.AvroName;

/**
 * How far a partition of run-events is known to the state that it is stored with.
 *
 * @param nextOffset what was committed before it is in the state, or its run is suspended there until it is
 */
@AvroName(namespace = "io.tailrace.coordinator.topology")
public record SpineProgress(long nextOffset) {}
