package io.tailrace.gateway.command;

import io.tailrace.events.command.RunCommand.CreateRun;
import java.util.Optional;

/**
 * A checked request for a new run.
 *
 * @param idempotencyKey by which the same request is known again; the run's id is derived from it
 */
public record CreateRequest(CreateRun command, Optional<String> idempotencyKey) {}
