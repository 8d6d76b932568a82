package io.tailrace.gateway.approval;

import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.json.DecodedEvent;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.KnownRun;
import io.tailrace.runlog.LogUnreadable;
import io.tailrace.runlog.RunLocation;
import io.tailrace.runlog.RunLog;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds questions and their answers, as the log has them when it is asked: a client has them from there too, and views may
 * be older. What a view has is not read again, since a run that waits for days has much of others behind its question.
 * Blocks, bounded; for virtual threads. Thread-safe.
 */
final class ApprovalLog {
    private static final Set<EventType> TELLING =
            EnumSet.of(EventType.TOOL_APPROVAL_REQUESTED, EventType.TOOL_APPROVAL_DECIDED, EventType.RUN_COMPLETED);

    private final RunLog log;
    private final EventDecoder decoder;

    ApprovalLog(RunLog log, EventDecoder decoder) {
        this.log = log;
        this.decoder = decoder;
    }

    /**
     * A question of a run; empty if it was not asked, or retention took it before a view had it.
     *
     * @throws RunProblem {@code log_unreadable}
     */
    Optional<Approval> find(KnownRun run, ApprovalId id) throws InterruptedException {
        Optional<Approval> open = run.view().openApprovals().stream()
                .filter(it -> it.approvalId().equals(id))
                .findFirst()
                .map(it -> Approval.open(it, run.below()));
        return open.isPresent()
                ? Optional.of(follow(run.view(), open.get()))
                : read(run.view(), new Search(id, Optional.empty()), OptionalLong.empty());
    }

    /**
     * What has become of an open question.
     *
     * @throws RunProblem {@code log_unreadable}
     */
    Approval follow(RunView run, Approval open) throws InterruptedException {
        Search search = new Search(open.asked().approvalId(), Optional.of(open));
        return read(run, search, OptionalLong.of(open.openBelow())).orElse(open);
    }

    private Optional<Approval> read(RunView run, Search search, OptionalLong from) throws InterruptedException {
        try {
            log.spine(RunLocation.of(run), from, record -> {
                if (isTelling(record)) {
                    decoder.decode(record).ifPresent(event -> search.take(event, record.offset()));
                }
                return !search.isOver();
            });
        } catch (LogUnreadable e) {
            throw RunProblem.logUnreadable(e);
        }
        return Optional.ofNullable(search.found);
    }

    private static boolean isTelling(LogRecord record) {
        return EventType.named(record.headers().type())
                .filter(TELLING::contains)
                .isPresent();
    }

    /** Confined to one thread. */
    private static final class Search {
        private final ApprovalId id;
        private @Nullable Approval found;

        Search(ApprovalId id, Optional<Approval> known) {
            this.id = id;
            this.found = known.orElse(null);
        }

        void take(DecodedEvent event, long offset) {
            if (event instanceof DecodedEvent.OfRun(Instant at, RunFact fact)) {
                switch (fact) {
                    case RunFact.ToolApprovalRequested asked
                    when asked.approvalId().equals(id) ->
                        found = found == null ? Approval.asked(asked, at, offset) : found;
                    case RunFact.ToolApprovalDecided decided
                    when decided.approvalId().equals(id) -> found = found == null ? null : found.decided(decided, at);
                    case RunFact.RunCompleted _ -> found = found == null ? null : found.ended();
                    case RunFact.OfApproval _, RunFact.Lifecycle _, RunFact.OfStage _, RunFact.OfChat _ -> {}
                }
            }
        }

        boolean isOver() {
            return found != null && found.decided().isPresent();
        }
    }
}
