package io.tailrace.events.command;

import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import java.time.Instant;
import java.util.Optional;

/** A record of run-commands: what a client asked for, checked for form by the gateway, decided by the coordinator. */
public record RunCommand(RunId runId, EventId commandId, Instant issuedAt, Command payload) {

    /** What is asked for. */
    public sealed interface Command {}

    /** A new run. A run id that is taken already leaves the run as it is. */
    public record CreateRun(
            WorkspaceId workspace,
            String kind,
            Optional<String> title,
            Plan plan,
            Limits limits,
            Optional<RunId> retryOf,
            String requestDigest)
            implements Command {}

    /** An end to a run. Asked of a run that is unknown or has ended it does nothing. */
    public record CancelRun(Optional<String> reason) implements Command {}
}
