package io.tailrace.events.command;

import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.AvroUnion;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.TurnInput;
import java.time.Instant;
import java.util.Optional;

/** A record of run-commands: what a client asked for, checked for form by the gateway, decided by the coordinator. */
@AvroName(namespace = "io.tailrace.events.command")
public record RunCommand(RunId runId, EventId commandId, Instant issuedAt, Command payload) {

    /** What is asked for. */
    @AvroUnion({
        CreateRun.class,
        CancelRun.class,
        SubmitTurn.class,
        CancelTurn.class,
        CloseRun.class,
        DecideApproval.class
    })
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

    /** A turn of a chat. A turn id that is taken already leaves the run as it is. */
    public record SubmitTurn(TurnId turnId, TurnInput input) implements Command {}

    /** An end to a turn that waits or is being answered. Asked of any other it does nothing. */
    public record CancelTurn(TurnId turnId, Optional<String> reason) implements Command {}

    /** An end to a chat, after the turns that it has. Asked of any other run it does nothing. */
    public record CloseRun(Optional<String> reason) implements Command {}

    /**
     * A person's answer to the question whether a tool may be called. The first answer counts; asked of a question that is
     * not open it does nothing.
     *
     * @param approved whether it may
     * @param by who says so
     * @param reason what the model is told if it may not
     */
    public record DecideApproval(ApprovalId approvalId, boolean approved, Optional<String> by, Optional<String> reason)
            implements Command {}
}
