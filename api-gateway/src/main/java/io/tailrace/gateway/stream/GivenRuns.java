package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.gateway.cursor.GivenCursor;
import java.util.Map;
import java.util.Set;

/**
 * What a client of several runs has.
 *
 * @param cursors by run; those that it has nothing of are not among them
 * @param over the runs that it has all of, which need not be opened
 * @param places all of that, for its next tokens
 */
record GivenRuns(Map<RunId, GivenCursor> cursors, Set<RunId> over, ClientPlaces places) {}
