package io.tailrace.gateway.cursor;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.CheckpointedPlaces;
import java.util.Map;
import java.util.Set;

/**
 * What a client of a subscription has.
 *
 * @param cursors by run; those that it has nothing of are not among them
 * @param over the runs that it has all of
 * @param places all of that, which its next tokens go on from
 * @param lost whether its checkpoint was not to be had, so that the runs that did not move since prove nothing
 */
public record GivenPlaces(Map<RunId, GivenCursor> cursors, Set<RunId> over, CheckpointedPlaces places, boolean lost) {}
