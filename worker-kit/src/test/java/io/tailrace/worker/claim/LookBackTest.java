package io.tailrace.worker.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.worker.attempt.AttemptId;
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
        lookBack = new LookBack(log.consumer(), Duration.ofSeconds(30));
        chapterFrom = log.request(stage, Attempt.FIRST).chapterFrom();
    }

    @AfterEach
    void close() {
        lookBack.close();
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

    @Test
    void looksNoFurtherBackThanALockLasts() throws Exception {
        log.claim(stage, Attempt.FIRST, OTHER);
        for (int i = 0; i < 600; i++) {
            log.abort(StageId.of(stage.run(), 3));
        }
        Instant before = Instant.now();
        LogPosition mine = log.claim(stage, Attempt.FIRST, ME);
        AttemptId id = new AttemptId(stage, Attempt.FIRST, ME);

        assertThat(lookBack.isHolder(id, mine, before, chapterFrom)).isFalse();
        try (LookBack shortSighted = new LookBack(log.consumer(), Duration.ZERO)) {
            assertThat(shortSighted.isHolder(id, mine, before, chapterFrom)).isTrue();
        }
    }

    private boolean isHolder(Attempt attempt, LogPosition claim) {
        return lookBack.isHolder(new AttemptId(stage, attempt, ME), claim, Instant.now(), chapterFrom);
    }
}
