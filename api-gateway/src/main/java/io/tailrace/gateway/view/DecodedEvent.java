package io.tailrace.gateway.view;

import java.time.Instant;

/** What a record of an event topic says: a {@code RunFact} or a {@code BuildFact}, and when it was so. */
public record DecodedEvent(Instant occurredAt, Record payload) {}
