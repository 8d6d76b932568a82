package io.tailrace.worker.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.worker.attempt.AttemptId;
import io.tailrace.worker.claim.LookBack.Standing;
import io.tailrace.worker.testing.TestLog;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a real broker. */
@Timeout(60)
class LookBackTest {

    private static final WorkerId ME = new WorkerId("me");
    private static final WorkerId OTHER = new WorkerId("other");
    private static final Attempt SECOND = new Attempt(2);

    private final StageId stage = TestLog.anyStage();
    private TestLog log;
    private LookBack lookBack;
    private LogPosition chapterFrom;

    @BeforeEach
    void open() throws Exception {
        log = new TestLog();
        lookBack = new LookBack(log.reader());
        chapterFrom = log.request(stage, Attempt.FIRST).chapterFrom();
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void theFirstClaimHolds() throws Exception {
        LogPosition mine = log.claim(stage, Attempt.FIRST, ME);
        log.claim(stage, Attempt.FIRST, OTHER);

        assertThat(isHolder(Attempt.FIRST, mine)).isTrue();
    }

    @Test
    void aClaimAfterAnothersOfTheSameAttemptDoesNot() throws Exception {
        log.claim(stage, Attempt.FIRST, OTHER);
        LogPosition mine = log.claim(stage, Attempt.FIRST, ME);

        assertThat(isHolder(Attempt.FIRST, mine)).isFalse();
    }

    @Test
    void theSameWorkersSecondClaimOfAnAttemptDoesNot() throws Exception {
        log.claim(stage, Attempt.FIRST, ME);
        LogPosition again = log.claim(stage, Attempt.FIRST, ME);

        assertThat(isHolder(Attempt.FIRST, again)).isFalse();
    }

    @Test
    void aLaterAttemptHoldsAfterAnEarlierOne() throws Exception {
        log.claim(stage, Attempt.FIRST, OTHER);
        LogPosition mine = log.claim(stage, SECOND, ME);

        assertThat(isHolder(SECOND, mine)).isTrue();
    }

    @Test
    void anEarlierAttemptDoesNotHoldAfterALaterOne() throws Exception {
        log.claim(stage, SECOND, OTHER);
        LogPosition mine = log.claim(stage, Attempt.FIRST, ME);

        assertThat(isHolder(Attempt.FIRST, mine)).isFalse();
    }

    @Test
    void noClaimHoldsAStageThatWasEndedByForce() throws Exception {
        log.abort(stage);
        LogPosition mine = log.claim(stage, Attempt.FIRST, ME);

        assertThat(isHolder(Attempt.FIRST, mine)).isFalse();
    }

    @Test
    void theOtherStagesOfThePartitionDoNotMatter() throws Exception {
        StageId sameRun = StageId.of(stage.run(), 2);
        log.claim(sameRun, SECOND, OTHER);
        log.abort(sameRun);
        LogPosition mine = log.claim(stage, Attempt.FIRST, ME);

        assertThat(isHolder(Attempt.FIRST, mine)).isTrue();
    }

    /** A neighbour of the partition prints while the request waits, longer than a request's lock lasts. */
    @Test
    void whatLiesBetweenTheRequestAndTheClaimIsSeenHoweverMuchWasWrittenSince() throws Exception {
        log.claim(stage, Attempt.FIRST, OTHER);
        neighboursPrint();
        LogPosition mine = log.claim(stage, Attempt.FIRST, ME);

        Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
        assertThat(standing(ME, Attempt.FIRST, mine, hourAgo)).isEqualTo(Standing.VOID);
    }

    @Test
    void anAbortBetweenTheRequestAndTheClaimIsSeenToo() throws Exception {
        log.abort(stage);
        neighboursPrint();
        LogPosition mine = log.claim(stage, Attempt.FIRST, ME);

        assertThat(standing(ME, Attempt.FIRST, mine, Instant.now())).isEqualTo(Standing.VOID);
    }

    @Test
    void anotherWorkersRecordsOfTheAttemptMeanThatItHoldsThoughItsClaimIsNotSeen() throws Exception {
        log.heartbeat(stage, Attempt.FIRST, OTHER);
        LogPosition mine = log.claim(stage, Attempt.FIRST, ME);

        assertThat(isHolder(Attempt.FIRST, mine)).isFalse();
    }

    @Test
    void aRecordThatIsNotTheClaimHoldsNothing() throws Exception {
        LogPosition others = log.claim(stage, Attempt.FIRST, OTHER);

        assertThat(isHolder(Attempt.FIRST, others)).isFalse();
    }

    @Test
    void aReadingThatIsGivenUpSaysNothing() throws Exception {
        LogPosition first = log.claim(StageId.of(stage.run(), 2), Attempt.FIRST, OTHER);
        LogPosition mine = log.claim(stage, Attempt.FIRST, ME);
        assertThat(first.offset()).isLessThan(mine.offset());

        assertThat(lookBack.standing(claim(ME, Attempt.FIRST, mine, Instant.now()), () -> true, _ -> {}))
                .isEqualTo(Standing.UNKNOWN);
    }

    private void neighboursPrint() throws Exception {
        for (int i = 0; i < 600; i++) {
            log.abort(StageId.of(stage.run(), 3));
        }
    }

    private boolean isHolder(Attempt attempt, LogPosition claim) {
        return standing(ME, attempt, claim, Instant.now()) == Standing.HOLDS;
    }

    private Standing standing(WorkerId worker, Attempt attempt, LogPosition claim, Instant requestedAt) {
        return lookBack.standing(claim(worker, attempt, claim, requestedAt), () -> false, _ -> {});
    }

    private LookBack.Claim claim(WorkerId worker, Attempt attempt, LogPosition claim, Instant requestedAt) {
        return new LookBack.Claim(new AttemptId(stage, attempt, worker), claim, requestedAt, chapterFrom);
    }
}
