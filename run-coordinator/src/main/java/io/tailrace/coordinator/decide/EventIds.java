package io.tailrace.coordinator.decide;

import io.tailrace.events.id.EventId;

/** The ids of what is decided on one input for one run: the same input gives the same ids, however often it is read. */
@FunctionalInterface
public interface EventIds {
    /** The id of the decision's record with this index, from 0. */
    EventId id(int index);
}
