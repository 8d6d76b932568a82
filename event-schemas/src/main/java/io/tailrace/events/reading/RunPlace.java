package io.tailrace.events.reading;

/**
 * Where a client is in one of several runs.
 *
 * @param cursor the place; of a client that proved none only its epoch counts
 * @param proven whether a gateway of this log made it; if not, the client has to be told to begin anew
 */
public record RunPlace(RunCursor cursor, boolean proven) {}
