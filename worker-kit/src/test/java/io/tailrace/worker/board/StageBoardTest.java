package io.tailrace.worker.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.worker.attempt.AttemptId;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.board.StageBoard.Stale;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StageBoardTest {

    private static final StageId STAGE = new StageId("run-1.1");
    private static final StageId OTHER_STAGE = new StageId("run-1.2");
    private static final WorkerId ME = new WorkerId("me");
    private static final WorkerId OTHER = new WorkerId("other");
    private static final Attempt SECOND = new Attempt(2);
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final StageBoard board = new StageBoard(Duration.ofHours(1), Duration.ofDays(8));
    private final StopSignal stop = new StopSignal();

    @Test
    void aRequestOfWhichNothingIsKnownIsFresh() {
        assertThat(board.staleness(STAGE, Attempt.FIRST)).isEmpty();
    }

    @Test
    void theRequestOfAStageThatEndedIsStale() {
        say(STAGE, finished());

        assertThat(board.staleness(STAGE, Attempt.FIRST)).contains(Stale.ENDED);
        assertThat(board.staleness(OTHER_STAGE, Attempt.FIRST)).isEmpty();
    }

    @Test
    void everyRequestOfARunThatEndedIsStale() {
        say(STAGE, new RunFact.RunCompleted(Outcome.FAILED, Optional.empty(), Duration.ZERO, 1, 1, 1, 0));

        assertThat(board.staleness(OTHER_STAGE, Attempt.FIRST)).contains(Stale.ENDED);
    }

    @Test
    void onlyTheLatestAttemptIsFresh() {
        say(STAGE, redispatched(SECOND));

        assertThat(board.staleness(STAGE, Attempt.FIRST)).contains(Stale.REDISPATCHED);
        assertThat(board.staleness(STAGE, SECOND)).isEmpty();
    }

    @Test
    void anAttemptThatWasClaimedIsStaleForTheQueueWhoeverClaimedIt() {
        say(STAGE, claimed(SECOND, ME));

        assertThat(board.staleness(STAGE, Attempt.FIRST)).contains(Stale.REDISPATCHED);
        assertThat(board.staleness(STAGE, SECOND)).contains(Stale.CLAIMED);
        assertThat(board.staleness(STAGE, new Attempt(3))).isEmpty();
    }

    @Test
    void theRequestOfACanceledRunIsStale() {
        say(STAGE, new RunFact.RunCancelRequested(Optional.empty()));

        assertThat(board.staleness(STAGE, Attempt.FIRST)).contains(Stale.CANCELED);
    }

    @Test
    void aCancelStopsTheAttempt() {
        board.watch(id(Attempt.FIRST), stop);

        say(STAGE, new RunFact.RunCancelRequested(Optional.empty()));

        assertThat(stop.reason()).contains(StopReason.CANCELED);
    }

    @Test
    void theCancelOfATurnStopsItsStageAndNoOther() {
        StopSignal other = new StopSignal();
        board.watch(id(Attempt.FIRST), stop);
        board.watch(new AttemptId(OTHER_STAGE, Attempt.FIRST, ME), other);

        say(STAGE, new RunFact.TurnCancelRequested(new TurnId("t-one"), Optional.empty()));

        assertThat(stop.reason()).contains(StopReason.CANCELED);
        assertThat(other.reason()).isEmpty();
        assertThat(board.staleness(STAGE, Attempt.FIRST)).contains(Stale.CANCELED);
        assertThat(board.staleness(OTHER_STAGE, Attempt.FIRST)).isEmpty();
    }

    @Test
    void aStageThatEndedIsForgottenWhileItsRunGoesOn() {
        say(STAGE, finished());
        apply(OTHER_STAGE, redispatched(SECOND), NOW.plus(Duration.ofMinutes(59)));
        assertThat(board.staleness(STAGE, Attempt.FIRST)).contains(Stale.ENDED);

        apply(OTHER_STAGE, redispatched(SECOND), NOW.plus(Duration.ofMinutes(70)));

        assertThat(board.staleness(STAGE, Attempt.FIRST)).isEmpty();
        assertThat(board.staleness(OTHER_STAGE, Attempt.FIRST)).contains(Stale.REDISPATCHED);
    }

    @Test
    void aCancelThatCameBeforeTheWatchStopsTheAttemptAtOnce() {
        say(STAGE, new RunFact.RunCancelRequested(Optional.empty()));

        board.watch(id(Attempt.FIRST), stop);

        assertThat(stop.reason()).contains(StopReason.CANCELED);
    }

    @Test
    void aLaterAttemptTakesTheStageAway() {
        board.watch(id(Attempt.FIRST), stop);

        say(STAGE, redispatched(SECOND));

        assertThat(stop.reason()).contains(StopReason.LOST);
    }

    @Test
    void anotherWorkersClaimOfTheSameAttemptTakesTheStageAway() {
        board.watch(id(Attempt.FIRST), stop);

        say(STAGE, claimed(Attempt.FIRST, OTHER));

        assertThat(stop.reason()).contains(StopReason.LOST);
    }

    @Test
    void aForcedEndTakesTheStageAwayAlsoAfterACancel() {
        board.watch(id(Attempt.FIRST), stop);
        say(STAGE, new RunFact.RunCancelRequested(Optional.empty()));

        say(STAGE, finished());

        assertThat(stop.reason()).contains(StopReason.LOST);
    }

    @Test
    void itsOwnClaimAndOtherRunsStopNothing() {
        board.watch(id(Attempt.FIRST), stop);

        say(STAGE, claimed(Attempt.FIRST, ME));
        say(STAGE, redispatched(Attempt.FIRST));
        say(OTHER_STAGE, redispatched(SECOND));
        say(new StageId("run-2.1"), new RunFact.RunCancelRequested(Optional.empty()));

        assertThat(stop.reason()).isEmpty();
    }

    @Test
    void anAttemptThatIsOverIsNotStopped() {
        board.watch(id(Attempt.FIRST), stop).close();

        say(STAGE, finished());

        assertThat(stop.reason()).isEmpty();
    }

    @Test
    void runsAreForgottenInTheirTime() {
        apply(new StageId("run-ended.1"), finishedRun(), NOW);
        apply(new StageId("run-active.1"), redispatched(SECOND), NOW);

        apply(STAGE, redispatched(SECOND), NOW.plus(Duration.ofMinutes(59)));
        assertThat(board.size()).isEqualTo(3);
        apply(STAGE, redispatched(SECOND), NOW.plus(Duration.ofMinutes(70)));
        assertThat(board.size()).isEqualTo(2);
        apply(STAGE, redispatched(SECOND), NOW.plus(Duration.ofDays(9)));
        assertThat(board.size()).isEqualTo(1);
    }

    /** Run-events that were cut off are read again, and lack the end. */
    @Test
    void whatIsReadAgainMakesNothingOlder() {
        apply(STAGE, finishedRun(), NOW);
        apply(STAGE, claimed(Attempt.FIRST, OTHER), NOW.minus(Duration.ofMinutes(50)));

        apply(new StageId("run-2.1"), claimed(Attempt.FIRST, OTHER), NOW.plus(Duration.ofMinutes(55)));

        assertThat(board.staleness(STAGE, Attempt.FIRST)).contains(Stale.ENDED);
    }

    private void say(StageId stage, RunFact fact) {
        apply(stage, fact, NOW);
    }

    private void apply(StageId stage, RunFact fact, Instant at) {
        board.apply(
                new RunEvent(
                        stage.run(), EventId.of(UUID.randomUUID()), Optional.of(stage), Optional.empty(), at, fact),
                at);
    }

    private static AttemptId id(Attempt attempt) {
        return new AttemptId(STAGE, attempt, ME);
    }

    private static RunFact redispatched(Attempt attempt) {
        return new RunFact.StageRedispatched(
                attempt, RunFact.RedispatchReason.SILENCE, Optional.empty(), Duration.ofSeconds(7));
    }

    private static RunFact claimed(Attempt attempt, WorkerId worker) {
        return new RunFact.RunProgress(1, 1, attempt, worker, Duration.ZERO);
    }

    private static RunFact finishedRun() {
        return new RunFact.RunCompleted(Outcome.SUCCEEDED, Optional.empty(), Duration.ZERO, 1, 1, 1, 0);
    }

    private static RunFact finished() {
        return new RunFact.StageFinished(
                1,
                Attempt.FIRST,
                Outcome.FAILED,
                Optional.empty(),
                Optional.empty(),
                new ChapterRange(0, 0),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                Duration.ZERO,
                1,
                0);
    }
}
