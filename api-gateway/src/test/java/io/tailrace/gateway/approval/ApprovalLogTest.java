package io.tailrace.gateway.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.runs.KnownRun;
import io.tailrace.runlog.RunFeed;
import io.tailrace.runlog.RunLocation;
import io.tailrace.runlog.RunLog;
import io.tailrace.runlog.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** From where on the log is read. */
class ApprovalLogTest {
    private static final RunId RUN = RunId.of(new UUID(1, 2));
    private static final StageId STAGE = StageId.of(RUN, 2);
    private static final ApprovalId OPEN = ApprovalId.of(STAGE, 1, 0);
    private static final ApprovalId OTHER = ApprovalId.of(STAGE, 1, 1);

    private final Asked log = new Asked();
    private final ApprovalLog approvals = new ApprovalLog(log, new EventDecoder(new EventCodec(), (_, _, _) -> {}));

    /** A run that waits for days has all that others did meanwhile behind its question. */
    @Test
    void ofAQuestionThatTheViewHasOnlyWhatTheViewDoesNotKnowIsRead() throws Exception {
        Approval found = approvals.find(new KnownRun(view(), 9_000_000), OPEN).orElseThrow();
        assertThat(found.isOpen()).isTrue();
        assertThat(found.asked().tool()).isEqualTo("make");
        assertThat(approvals.follow(view(), found).isOpen()).isTrue();
        assertThat(log.from).containsExactly(OptionalLong.of(9_000_000), OptionalLong.of(9_000_000));
    }

    @Test
    void anyOtherIsLookedForFromTheRunsBeginningOn() throws Exception {
        assertThat(approvals.find(new KnownRun(view(), 9_000_000), OTHER)).isEmpty();
        assertThat(log.from).containsExactly(OptionalLong.empty());
    }

    private static RunView view() {
        return new RunView(
                RUN,
                new WorkspaceId("demo"),
                "assistant",
                Optional.empty(),
                RunStatus.WAITING,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Plan(List.of(new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of()))),
                Limits.DEFAULT,
                List.of(),
                "d".repeat(64),
                0,
                3,
                new RunView.NumberedSpot(7, 5, 7),
                7,
                Optional.empty(),
                Optional.of(List.of(
                        new RunView.ApprovalView(OPEN, STAGE, "make", "{}", 2, Instant.EPOCH, Duration.ofDays(7)))));
    }

    /** A log without records, which remembers from where on it was read. */
    private static final class Asked implements RunLog {
        private final List<OptionalLong> from = new ArrayList<>();

        @Override
        public RunFeed open(RunLocation run, Start start, Until until) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void spine(RunLocation run, OptionalLong since, SpineSink sink) {
            from.add(since);
        }
    }
}
