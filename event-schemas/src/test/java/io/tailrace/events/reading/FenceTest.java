package io.tailrace.events.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Mark;
import io.tailrace.events.reading.Fence.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Journals of one stage, and what each of their records is. */
class FenceTest {
    private static final StageId STAGE = StageId.of(new RunId("r-fence"), 1);

    @Test
    void theFirstClaimOfAnAttemptHoldsAndItsTwinIsVoid() {
        assertThat(verdicts(claim(1, "a"), claim(1, "b"), record(1, "b", 2), record(1, "a", 2)))
                .containsExactly(Verdict.CLAIMS, Verdict.VOID, Verdict.VOID, Verdict.COUNTS);
    }

    @Test
    void aHigherAttemptFencesTheOneBefore() {
        assertThat(verdicts(
                        claim(1, "a"),
                        record(1, "a", 2),
                        claim(2, "b"),
                        record(1, "a", 3),
                        record(2, "b", 2),
                        claim(1, "c")))
                .containsExactly(
                        Verdict.CLAIMS, Verdict.COUNTS, Verdict.CLAIMS, Verdict.VOID, Verdict.COUNTS, Verdict.VOID);
    }

    @Test
    void aRecordThatIsNotTheNextIsVoid() {
        assertThat(verdicts(claim(1, "a"), record(1, "a", 3), record(1, "a", 2), record(1, "a", 2)))
                .containsExactly(Verdict.CLAIMS, Verdict.VOID, Verdict.COUNTS, Verdict.VOID);
    }

    @Test
    void aSlowHolderMayFinishWhileItsSuccessorStillWaits() {
        assertThat(verdicts(claim(1, "a"), terminal(1, "a", 2), claim(2, "b"), record(2, "b", 2)))
                .containsExactly(Verdict.CLAIMS, Verdict.ENDS, Verdict.VOID, Verdict.VOID);
    }

    @Test
    void theCoordinatorEndsAStageWhoeverHoldsIt() {
        assertThat(verdicts(claim(1, "a"), abort(), terminal(1, "a", 2), abort()))
                .containsExactly(Verdict.CLAIMS, Verdict.ENDS, Verdict.VOID, Verdict.VOID);
        assertThat(verdicts(abort(), claim(1, "a"))).containsExactly(Verdict.ENDS, Verdict.VOID);
    }

    @Test
    void nothingCountsBeforeAClaim() {
        assertThat(verdicts(record(1, "a", 1), record(1, "a", 2), terminal(1, "a", 1)))
                .containsExactly(Verdict.VOID, Verdict.VOID, Verdict.VOID);
    }

    private static List<Verdict> verdicts(EventHeaders... journal) {
        Fence fence = Fence.OPEN;
        List<Verdict> verdicts = new ArrayList<>();
        for (EventHeaders record : journal) {
            Fence.Judgment judgment = fence.judge(record);
            verdicts.add(judgment.verdict());
            fence = judgment.next();
        }
        return verdicts;
    }

    private static EventHeaders claim(int attempt, String worker) {
        return headers(Mark.CLAIM, Optional.of(new Attempt(attempt)), 1, Optional.of(new WorkerId(worker)));
    }

    private static EventHeaders record(int attempt, String worker, long sequence) {
        return headers(Mark.NONE, Optional.of(new Attempt(attempt)), sequence, Optional.of(new WorkerId(worker)));
    }

    private static EventHeaders terminal(int attempt, String worker, long sequence) {
        return headers(Mark.TERMINAL, Optional.of(new Attempt(attempt)), sequence, Optional.of(new WorkerId(worker)));
    }

    private static EventHeaders abort() {
        return headers(Mark.ABORT, Optional.empty(), 0, Optional.empty());
    }

    private static EventHeaders headers(
            Mark mark, Optional<Attempt> attempt, long sequence, Optional<WorkerId> worker) {
        return new EventHeaders(
                "any",
                EventId.of(new UUID(1, 2)),
                mark,
                1,
                Optional.of(STAGE),
                attempt,
                sequence,
                worker,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
