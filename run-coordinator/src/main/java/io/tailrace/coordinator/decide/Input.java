package io.tailrace.coordinator.decide;

import io.tailrace.events.command.RunCommand;
import io.tailrace.events.command.RunCommand.CancelRun;
import io.tailrace.events.command.RunCommand.CancelTurn;
import io.tailrace.events.command.RunCommand.CloseRun;
import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.command.RunCommand.DecideApproval;
import io.tailrace.events.command.RunCommand.SubmitTurn;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.Fence;
import java.util.Optional;

/** What a run's fate is decided on: a record of the log, and the moment it was appended at. */
public sealed interface Input {
    /** When it came. */
    InputContext context();

    /**
     * What a client wants.
     *
     * @param position where its command lies
     */
    static Input of(InputContext context, LogPosition position, RunCommand command) {
        return switch (command.payload()) {
            case CreateRun create -> new Create(context, command.runId(), create);
            case CancelRun cancel -> new Cancel(context, cancel);
            case SubmitTurn submit -> new Submit(context, position, submit);
            case CancelTurn cancel -> new CancelOfTurn(context, cancel);
            case CloseRun close -> new Close(context, close);
            case DecideApproval decide -> new Approval(context, decide);
        };
    }

    /** A client asks for a run. */
    record Create(InputContext context, RunId run, CreateRun command) implements Input {}

    /** A client asks for the run's end. */
    record Cancel(InputContext context, CancelRun command) implements Input {}

    /**
     * A record of one of the run's stages.
     *
     * @param topic where it lies
     * @param end how it ends the stage; absent where it does not, and where it cannot be decoded
     */
    record StageRecord(InputContext context, Topic topic, long offset, EventHeaders headers, Optional<StageEnd> end)
            implements Input {
        /** Whether it is of the stage that is open, and where that is executed: another topic's writers have no say in it. */
        public boolean isOf(RunState.Open open) {
            return open.topic() == topic
                    && headers.stage().equals(Optional.of(open.stage().id()));
        }
    }

    /**
     * A client asks for a turn.
     *
     * @param command where its command lies
     */
    record Submit(InputContext context, LogPosition command, SubmitTurn turn) implements Input {}

    /** A client asks for a turn's end. */
    record CancelOfTurn(InputContext context, CancelTurn command) implements Input {}

    /** A client asks for a chat's end. */
    record Close(InputContext context, CloseRun command) implements Input {}

    /** A person answers whether a tool may be called. */
    record Approval(InputContext context, DecideApproval command) implements Input {}

    /**
     * The topic of a stage has lost records that had counted: the state is that of the log as it is now.
     *
     * @param counted the stage's fence before the loss
     */
    record RecordsLost(InputContext context, StageId stage, Fence counted) implements Input {}

    /** The clock of the run's partition of this topic has ticked. */
    record Tick(InputContext context, Topic topic) implements Input {}
}
