package io.tailrace.coordinator.decide;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.LogPosition;

/**
 * A turn that was accepted and has not ended.
 *
 * @param command where the command lies that submitted it
 */
@AvroName(namespace = "io.tailrace.coordinator.decide")
public record PendingTurn(TurnId id, LogPosition command) {}
