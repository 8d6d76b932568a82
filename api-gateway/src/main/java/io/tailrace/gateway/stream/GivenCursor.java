package io.tailrace.gateway.stream;

import io.tailrace.events.reading.RunCursor;

/**
 * A cursor that a client sent.
 *
 * @param field the header or parameter that it came in, which a refusal names
 */
public record GivenCursor(String field, RunCursor cursor) {}
