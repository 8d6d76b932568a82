package io.tailrace.gateway.json;

import java.time.Instant;

/** What a record of an event topic says: a {@code RunFact}, {@code BuildFact} or {@code TurnFact}, and when it was so. */
public record DecodedEvent(Instant occurredAt, Record payload) {}
