package io.tailrace.gateway.approval;

import io.tailrace.events.run.RunFact.ToolApprovalDecided;
import io.tailrace.events.run.RunFact.ToolApprovalRequested;
import io.tailrace.events.run.RunView.ApprovalView;
import java.time.Instant;
import java.util.Optional;

/**
 * A question whether a tool may be called. Immutable.
 *
 * @param openBelow an offset of run-events before which it was not answered
 * @param decided the answer that counts
 * @param runEnded whether the run has ended
 */
record Approval(
        ApprovalView asked,
        long openBelow,
        Optional<ToolApprovalDecided> decided,
        Optional<Instant> decidedAt,
        boolean runEnded) {
    /** One that a view has, which knows all before this offset. */
    static Approval open(ApprovalView asked, long below) {
        return new Approval(asked, below, Optional.empty(), Optional.empty(), false);
    }

    /** One that the log has at this offset. */
    static Approval asked(ToolApprovalRequested asked, Instant at, long offset) {
        return open(
                new ApprovalView(
                        asked.approvalId(),
                        asked.call().stage(),
                        asked.call().tool(),
                        asked.arguments(),
                        asked.length(),
                        at,
                        asked.timeout()),
                offset);
    }

    /** The first answer counts. */
    Approval decided(ToolApprovalDecided answer, Instant at) {
        return decided.isPresent()
                ? this
                : new Approval(asked, openBelow, Optional.of(answer), Optional.of(at), runEnded);
    }

    Approval ended() {
        return new Approval(asked, openBelow, decided, decidedAt, true);
    }

    boolean isOpen() {
        return decided.isEmpty() && !runEnded;
    }
}
