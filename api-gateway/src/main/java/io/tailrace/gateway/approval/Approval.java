package io.tailrace.gateway.approval;

import io.tailrace.events.run.RunFact.ToolApprovalDecided;
import io.tailrace.events.run.RunFact.ToolApprovalRequested;
import java.time.Instant;
import java.util.Optional;

/**
 * A question whether a tool may be called, as the log has it. Immutable.
 *
 * @param offset of the question in run-events
 * @param decided the answer that counts
 * @param runEnded whether the run has ended
 */
record Approval(
        ToolApprovalRequested asked,
        Instant askedAt,
        long offset,
        Optional<ToolApprovalDecided> decided,
        Optional<Instant> decidedAt,
        boolean runEnded) {
    static Approval asked(ToolApprovalRequested asked, Instant at, long offset) {
        return new Approval(asked, at, offset, Optional.empty(), Optional.empty(), false);
    }

    /** The first answer counts. */
    Approval decided(ToolApprovalDecided answer, Instant at) {
        return decided.isPresent()
                ? this
                : new Approval(asked, askedAt, offset, Optional.of(answer), Optional.of(at), runEnded);
    }

    Approval ended() {
        return new Approval(asked, askedAt, offset, decided, decidedAt, true);
    }

    boolean isOpen() {
        return decided.isEmpty() && !runEnded;
    }
}
