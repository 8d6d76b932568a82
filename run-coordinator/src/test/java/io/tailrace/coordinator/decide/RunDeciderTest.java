package io.tailrace.coordinator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.work.BuildRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Journals: given these inputs, expect these facts, requests and forced ends. */
class RunDeciderTest {
    private final Scene scene = new Scene();

    @Test
    void createdRunRequestsItsFirstStage() {
        assertThat(scene.create(2).said())
                .containsExactly("run.created #1", "run.started #2", "stage.requested 1 #3", "request .1/1");
        assertThat(((BuildRequest) scene.requests.getFirst()).chapterFrom().offset())
                .isEqualTo(1000);
        assertThat(scene.create(2).said()).isEmpty();
    }

    @Test
    void planWithoutStepsFailsAndDoesNotHang() {
        assertThat(scene.create(0).said())
                .containsExactly("run.created #1", "run.started #2", "run.completed failed (empty_plan) #3");
    }

    @Test
    void stepsFollowEachOther() {
        scene.create(2).said();

        assertThat(scene.claim(1, 1, "a").said()).containsExactly("run.progress 1/1");
        assertThat(scene.lines(1, 1, "a", 10).heartbeat(1, 1, "a").said()).isEmpty();
        assertThat(scene.complete(1, 1, "a", Outcome.SUCCEEDED).said())
                .containsExactly("stage.finished 1 succeeded #16", "stage.requested 2 #17", "request .2/1");
        assertThat(scene.claim(2, 1, "b").complete(2, 1, "b", Outcome.SUCCEEDED).said())
                .containsExactly("run.progress 2/1", "stage.finished 2 succeeded #20", "run.completed succeeded #21");
        assertThat(scene.cancel().create(1).ticks(20).said()).isEmpty();
    }

    @Test
    void stageFinishedSumsUpTheChapter() {
        scene.create(1).ticks(3).claim(1, 1, "a").ticks(2).lines(1, 1, "a", 5);
        scene.complete(1, 1, "a", Outcome.FAILED);

        RunFact.StageFinished finished = (RunFact.StageFinished) scene.facts.get(4);
        assertThat(finished.queued()).isEqualTo(Duration.ofSeconds(3));
        assertThat(finished.duration()).isEqualTo(Duration.ofSeconds(2));
        assertThat(finished.events()).isEqualTo(7);
        assertThat(finished.lines()).isEqualTo(5);
        assertThat(finished.exitCode()).contains(0);
        assertThat(finished.worker()).contains(new WorkerId("a"));
        assertThat(finished.chapter()).isEqualTo(new ChapterRange(1003, 1007));
        RunFact.RunCompleted completed = (RunFact.RunCompleted) scene.facts.get(5);
        assertThat(completed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(completed.duration()).isEqualTo(Duration.ofSeconds(5));
        assertThat(completed.events()).isEqualTo(12);
        assertThat(completed.lines()).isEqualTo(5);
    }

    @Test
    void failedStepEndsTheRun() {
        scene.create(3).claim(1, 1, "a").said();

        assertThat(scene.complete(1, 1, "a", Outcome.FAILED).said())
                .containsExactly("stage.finished 1 failed #6", "run.completed failed #7");
    }

    @Test
    void terminalThatCannotBeReadEndsTheStageAsFailed() {
        scene.create(1).claim(1, 1, "a").said();
        BuildEvent terminal = BuildEvent.ofAttempt(
                new EventId("00000000-0000-0001-0000-000000000001"),
                StageId.of(Scene.RUN, 1),
                new Attempt(1),
                2,
                new WorkerId("a"),
                Instant.EPOCH,
                new BuildFact.BuildCompleted(
                        Outcome.SUCCEEDED,
                        BuildFact.BuildReason.REUSE_OK,
                        Duration.ZERO,
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        0,
                        0));

        assertThat(scene.readUndecoded(terminal.headers(), Optional.empty()).said())
                .containsExactly(
                        "stage.finished 1 failed (unreadable_result) #6",
                        "run.completed failed (unreadable_result) #7");
    }

    @Test
    void whatAWorkerSaysOfItsFailureIsCut() {
        String huge = "\uD83D\uDE00".repeat(400_000);
        scene.create(1).claim(1, 1, "a");
        scene.write(
                1,
                1,
                "a",
                new BuildFact.BuildCompleted(
                        Outcome.FAILED,
                        BuildFact.BuildReason.FORCE_REBUILD,
                        Duration.ZERO,
                        Optional.of(1),
                        Optional.of(new Failure(huge, huge, Optional.of(huge))),
                        1,
                        0,
                        0));

        Failure stated =
                ((RunFact.RunCompleted) scene.facts.getLast()).failure().orElseThrow();
        assertThat(stated.code()).hasSizeLessThanOrEqualTo(Failure.MAX_NAME).endsWith("\uDE00…");
        assertThat(stated.message())
                .hasSizeLessThanOrEqualTo(Failure.MAX_MESSAGE)
                .endsWith("\uDE00…");
        assertThat(stated.phase().orElseThrow()).hasSizeLessThanOrEqualTo(Failure.MAX_NAME);
    }

    // A log that has lost records.

    @Test
    void aStageWhoseClaimIsLostIsGivenToAnotherAtOnce() {
        scene.create(1).ticks(1).said();

        assertThat(scene.recordsLost(1, 1, "a", 7).said())
                .containsExactly("stage.redispatched 2 silence", "request .1/2");
        assertThat(((RunFact.StageRedispatched) scene.facts.getLast()).silence())
                .isZero();
    }

    @Test
    void aHolderWhoseLaterRecordsAreLostIsNotHeardAnyMore() {
        scene.create(1).claim(1, 1, "a").lines(1, 1, "a", 2).said();

        assertThat(scene.recordsLost(1, 1, "a", 3).said())
                .containsExactly("stage.redispatched 2 silence", "request .1/2");
    }

    @Test
    void aForgedHighClaimThatIsLostIsOvertaken() {
        scene.create(1).said();

        assertThat(scene.recordsLost(1, 9, "a", 1).said())
                .containsExactly("stage.redispatched 10 silence", "request .1/10");
    }

    @Test
    void whatTheLogHasStillIsNotLost() {
        scene.create(2).claim(1, 1, "a").lines(1, 1, "a", 2).said();

        assertThat(scene.recordsLost(1, 1, "a", 2).said()).isEmpty();
        assertThat(scene.recordsLost(2, 1, "a", 9).said()).as("another stage").isEmpty();
        scene.claim(1, 2, "b");
        scene.said();
        assertThat(scene.recordsLost(1, 1, "a", 9).said())
                .as("another holds it by now")
                .isEmpty();
    }

    @Test
    void aLogThatLosesRecordsUsesUpNoAttempts() {
        scene.create(1, limits(Duration.ofHours(1), 1)).said();
        for (int attempt = 1; attempt < 5; attempt++) {
            assertThat(scene.recordsLost(1, attempt, "a", 1).said())
                    .containsExactly("stage.redispatched " + (attempt + 1) + " silence", "request .1/" + (attempt + 1));
        }
    }

    @Test
    void aCanceledStageWhoseClaimIsLostEnds() {
        scene.create(1).claim(1, 1, "a").lines(1, 1, "a", 1).cancel().said();

        assertThat(scene.recordsLost(1, 1, "a", 3).said()).isEmpty();
        assertThat(scene.ticks(11).said()).isNotEmpty().containsOnly("abort cancel_unheeded");
    }

    @Test
    void aChapterBeyondTheEndOfItsTopicGoesOnWhereThatEnds() {
        scene.create(1).claim(1, 1, "a").topicMadeAnew().said();

        scene.recordsLost(1, 1, "a", 2);

        RunState.Open open = (RunState.Open) scene.state();
        assertThat(open.stage().chapterFrom().offset()).isLessThan(1000);
        assertThat(((BuildRequest) scene.requests.getLast()).chapterFrom())
                .isEqualTo(open.stage().chapterFrom());
    }

    // Silence.

    @Test
    void silentHolderIsReplacedAfterSixSeconds() {
        scene.create(1).ticks(1).claim(1, 1, "a").said();

        assertThat(scene.ticks(6).said()).isEmpty();
        assertThat(scene.ticks(1).said()).containsExactly("stage.redispatched 2 silence", "request .1/2");
        assertThat(scene.ticks(30).said()).isEmpty();
        assertThat(scene.claim(1, 2, "b")
                        .lines(1, 1, "a", 3)
                        .complete(1, 2, "b", Outcome.SUCCEEDED)
                        .said())
                .containsExactly("run.progress 1/2", "stage.finished 1 succeeded #8", "run.completed succeeded #9");
    }

    @Test
    void heartbeatsKeepTheStage() {
        scene.create(1).claim(1, 1, "a").said();
        for (int i = 0; i < 20; i++) {
            scene.ticks(5).heartbeat(1, 1, "a");
        }
        assertThat(scene.said()).isEmpty();
    }

    @Test
    void voidRecordsDoNotBreakSilence() {
        scene.create(1).ticks(1).claim(1, 1, "a").said();
        scene.ticks(4).lines(1, 1, "twin", 3).write(1, 1, "a", 9, new StageFact.Heartbeat());

        assertThat(scene.ticks(3).said()).containsExactly("stage.redispatched 2 silence", "request .1/2");
    }

    @Test
    void outageWithoutTicksIsNotSilence() {
        scene.create(1).ticks(1).claim(1, 1, "a").ticks(2).said();

        assertThat(scene.tickAfter(Duration.ofMinutes(1)).ticks(2).said()).isEmpty();
        assertThat(scene.ticks(1).said()).containsExactly("stage.redispatched 2 silence", "request .1/2");
    }

    @Test
    void waitingInTheQueueIsNotSilence() {
        assertThat(scene.create(1).ticks(290).said()).hasSize(4);
    }

    @Test
    void slowHolderMayStillFinishWhileTheNextAttemptWaits() {
        scene.create(1).ticks(1).claim(1, 1, "a").ticks(7).said();

        assertThat(scene.lines(1, 1, "a", 2)
                        .complete(1, 1, "a", Outcome.SUCCEEDED)
                        .said())
                .containsExactly("stage.finished 1 succeeded #9", "run.completed succeeded #10");
        assertThat(scene.claim(1, 2, "b").complete(1, 2, "b", Outcome.FAILED).said())
                .isEmpty();
    }

    @Test
    void attemptsAreUsedUp() {
        scene.create(1, limits(Duration.ofHours(1), 2))
                .ticks(1)
                .claim(1, 1, "a")
                .ticks(7)
                .claim(1, 2, "b")
                .said();

        assertThat(scene.ticks(8).said()).containsExactly("abort attempts_exhausted", "abort attempts_exhausted");
        assertThat(scene.readAborts().said())
                .containsExactly(
                        "stage.finished 1 failed (attempts_exhausted) #8",
                        "run.completed failed (attempts_exhausted) #9");
        assertThat(((RunFact.RunCompleted) scene.facts.getLast())
                        .failure()
                        .orElseThrow()
                        .message())
                .startsWith("The stage lost its worker 2 times, as often as limits.max_attempts allows; the last time"
                        + " nothing was heard of worker b for 7 s.");
    }

    @Test
    void releasedStageIsDispatchedAgainAtOnce() {
        scene.create(1).claim(1, 1, "a").said();

        assertThat(scene.release(1, 1, "a").said()).containsExactly("stage.redispatched 2 released", "request .1/2");
        assertThat(scene.release(1, 1, "a").said()).isEmpty();
        assertThat(scene.claim(1, 2, "b").complete(1, 2, "b", Outcome.SUCCEEDED).said())
                .containsExactly("run.progress 1/2", "stage.finished 1 succeeded #10", "run.completed succeeded #11");
    }

    @Test
    void stageThatWasReleasedAndTakenAgainIsHeldLikeAnyOther() {
        scene.create(1)
                .ticks(1)
                .claim(1, 1, "a")
                .release(1, 1, "a")
                .claim(1, 2, "b")
                .said();

        assertThat(scene.ticks(6).said()).isEmpty();
        assertThat(scene.ticks(1).said()).containsExactly("stage.redispatched 3 silence", "request .1/3");
    }

    @Test
    void releasesUseUpNoAttempts() {
        scene.create(1, limits(Duration.ofHours(1), 2));
        for (int attempt = 1; attempt <= 60; attempt++) {
            scene.claim(1, attempt, "a")
                    .ticks(5)
                    .heartbeat(1, attempt, "a")
                    .ticks(5)
                    .release(1, attempt, "a");
        }
        scene.claim(1, 61, "b").said();

        assertThat(scene.ticks(7).said()).containsExactly("stage.redispatched 62 silence", "request .1/62");
        assertThat(scene.claim(1, 62, "c").ticks(7).said())
                .containsExactly("run.progress 1/62", "abort attempts_exhausted");
    }

    @Test
    void workersThatGiveAStageBackAtOnceDoNotDoSoForEver() {
        scene.create(1, limits(Duration.ofHours(1), 2));
        for (int attempt = 1; attempt < 20; attempt++) {
            scene.claim(1, attempt, "a").release(1, attempt, "a");
        }
        scene.claim(1, 20, "a").said();

        assertThat(scene.release(1, 20, "a").said()).containsExactly("abort attempts_exhausted");
        scene.nextAbort(false).heartbeat(1, 20, "a");
        assertThat(scene.ticks(1).said()).containsExactly("abort attempts_exhausted");
        assertThat(scene.readAborts().said()).hasSize(2);
    }

    @Test
    void claimBeyondTheDispatchedAttemptCountsAsOneLoss() {
        scene.create(1).ticks(1).claim(1, 1000, "odd").said();

        assertThat(scene.ticks(7).said()).containsExactly("stage.redispatched 1001 silence", "request .1/1001");
    }

    @Test
    void claimBeyondTheDispatchedAttemptDoesNotOverflow() {
        scene.create(1).ticks(1).claim(1, EventHeaders.MAX_ATTEMPT, "odd").said();

        assertThat(scene.ticks(7).said()).containsExactly("abort attempts_exhausted");
    }

    // Deadlines.

    @Test
    void queueDeadlineEndsAStageNobodyTook() {
        scene.ticks(1).create(1, limits(Duration.ofMinutes(1), 5)).said();

        assertThat(scene.ticks(60).said()).isEmpty();
        assertThat(scene.ticks(1).said()).containsExactly("abort queue_deadline");
        assertThat(scene.readAborts().said())
                .containsExactly(
                        "stage.finished 1 failed (queue_deadline) #5", "run.completed failed (queue_deadline) #6");
        assertThat(scene.claim(1, 1, "late").said()).isEmpty();
    }

    @Test
    void queueDeadlineCountsFromEachDispatch() {
        scene.create(1, limits(Duration.ofMinutes(1), 5))
                .ticks(50)
                .claim(1, 1, "a")
                .ticks(7)
                .said();

        assertThat(scene.ticks(60).said()).isEmpty();
        assertThat(scene.ticks(1).said()).containsExactly("abort queue_deadline");
    }

    @Test
    void queueDeadlineDoesNotCountAnOutage() {
        Scene late = new Scene().ticks(1);
        late.create(1, limits(Duration.ofSeconds(30), 5)).said();

        assertThat(late.tickAfter(Duration.ofHours(1)).said()).containsExactly("request .1/1");
        assertThat(late.ticks(28).said()).isEmpty();
        assertThat(late.ticks(1).said()).containsExactly("abort queue_deadline");
    }

    @Test
    void queueDeadlineOfTheNextStepDoesNotCountAnOutage() {
        scene.create(2, limits(Duration.ofSeconds(30), 5)).ticks(1).claim(1, 1, "a");
        scene.complete(1, 1, "a", Outcome.SUCCEEDED).said();

        assertThat(scene.tickAfter(Duration.ofMinutes(1)).said()).containsExactly("request .2/1");
        assertThat(scene.ticks(28).said()).isEmpty();
        assertThat(scene.ticks(1).said()).containsExactly("abort queue_deadline");
    }

    @Test
    void queueDeadlineAfterALateReadReleaseDoesNotCountTheOutage() {
        scene.create(1, limits(Duration.ofSeconds(30), 5)).ticks(1).claim(1, 1, "a");
        scene.release(1, 1, "a").said();

        assertThat(scene.tickAfter(Duration.ofHours(1)).said()).containsExactly("request .1/2");
        assertThat(scene.ticks(28).said()).isEmpty();
    }

    @Test
    void repeatsOfTheRequestDoNotResetTheQueueDeadline() {
        scene.ticks(1).create(1, limits(Duration.ofMinutes(11), 5)).ticks(660);

        assertThat(scene.requests).hasSize(3);
        scene.said();
        assertThat(scene.ticks(1).said()).containsExactly("abort queue_deadline");
    }

    @Test
    void ticksFromBeforeADecisionAreNoTimeThatAnybodyHadForIt() {
        scene.create(1, limits(Duration.ofSeconds(30), 5))
                .ticks(1)
                .claim(1, 1, "a")
                .fallBehind(60);
        scene.cancel().said();
        for (int i = 0; i < 12; i++) {
            scene.ticks(5).heartbeat(1, 1, "a");
        }

        assertThat(scene.said()).isEmpty();
    }

    @Test
    void stageDeadlineDoesNotCountAnOutage() {
        Limits limits = new Limits(Duration.ofHours(6), Duration.ofSeconds(20), Duration.ofHours(1), 5);
        scene.create(1, limits).ticks(1).claim(1, 1, "a").said();

        assertThat(scene.tickAfter(Duration.ofHours(1)).said()).isEmpty();
        assertThat(scene.complete(1, 1, "a", Outcome.SUCCEEDED).said()).hasSize(2);
    }

    @Test
    void wallClockDoesNotCountAnOutage() {
        Limits limits = new Limits(Duration.ofSeconds(10), Duration.ofHours(2), Duration.ofHours(1), 5);
        scene.ticks(1).create(1, limits).ticks(5).said();

        assertThat(scene.tickAfter(Duration.ofMinutes(1)).ticks(3).said()).isEmpty();
        assertThat(scene.ticks(1).said()).containsExactly("abort wall_clock");
    }

    @Test
    void unclaimedRequestIsSentOnceMoreInCaseItWasLost() {
        scene.create(1).ticks(301).said();

        assertThat(scene.ticks(1).said()).containsExactly("request .1/1");
        assertThat(scene.ticks(300).said()).isEmpty();
        assertThat(scene.requests.getLast()).isEqualTo(scene.requests.getFirst());
        assertThat(scene.claim(1, 1, "a").claim(1, 1, "b").said()).containsExactly("run.progress 1/1");
    }

    @Test
    void stageDeadlineCountsFromTheFirstClaim() {
        Limits limits = new Limits(Duration.ofHours(6), Duration.ofSeconds(20), Duration.ofHours(1), 5);
        scene.create(1, limits).ticks(30).claim(1, 1, "a").ticks(7).claim(1, 2, "b");
        scene.ticks(5).heartbeat(1, 2, "b").ticks(5).heartbeat(1, 2, "b").said();

        assertThat(scene.ticks(3).said()).as("twenty seconds since the first").isEmpty();
        assertThat(scene.ticks(1).said()).containsExactly("abort stage_deadline");
        assertThat(scene.ticks(1).said()).containsExactly("abort stage_deadline");
        assertThat(scene.readAborts().said())
                .containsExactly(
                        "stage.finished 1 failed (stage_deadline) #8", "run.completed failed (stage_deadline) #9");
    }

    @Test
    void wallClockCountsFromTheCreation() {
        Limits limits = new Limits(Duration.ofSeconds(10), Duration.ofHours(2), Duration.ofHours(1), 5);
        scene.ticks(1)
                .create(2, limits)
                .ticks(5)
                .claim(1, 1, "a")
                .complete(1, 1, "a", Outcome.SUCCEEDED)
                .said();

        assertThat(scene.ticks(6).said()).containsExactly("abort wall_clock");
        assertThat(scene.readAborts().said())
                .containsExactly("stage.finished 2 failed (wall_clock) #9", "run.completed failed (wall_clock) #10");
    }

    @Test
    void terminalBeforeTheAbortWins() {
        scene.create(1, limits(Duration.ofMinutes(1), 5)).ticks(61).said();

        assertThat(scene.claim(1, 1, "a")
                        .complete(1, 1, "a", Outcome.SUCCEEDED)
                        .readAborts()
                        .said())
                .containsExactly("run.progress 1/1", "stage.finished 1 succeeded #6", "run.completed succeeded #7");
    }

    // Cancel.

    @Test
    void cancelEndsAQueuedStageAtOnce() {
        scene.create(2).said();

        assertThat(scene.cancel().said()).containsExactly("run.cancel.requested", "abort canceled_in_queue");
        assertThat(scene.readAborts().said())
                .containsExactly("stage.finished 1 canceled #6", "run.completed canceled #7");
    }

    @Test
    void cancelOfAQueuedStageIsRepeatedUntilItIsReadBack() {
        scene.create(1).cancel().nextAbort(false).said();

        assertThat(scene.ticks(2).said()).containsExactly("abort canceled_in_queue", "abort canceled_in_queue");
        assertThat(scene.readAborts().said())
                .containsExactly("stage.finished 1 canceled #6", "run.completed canceled #7");
    }

    @Test
    void cancelIsObeyedByTheWorker() {
        scene.create(2).claim(1, 1, "a").said();

        assertThat(scene.cancel().cancel().said()).containsExactly("run.cancel.requested");
        assertThat(scene.lines(1, 1, "a", 2)
                        .complete(1, 1, "a", Outcome.CANCELED)
                        .said())
                .containsExactly("stage.finished 1 canceled #9", "run.completed canceled #10");
    }

    @Test
    void cancelThatNobodyHeedsEndsByForce() {
        scene.create(1).ticks(1).claim(1, 1, "a").cancel().said();
        scene.ticks(5).heartbeat(1, 1, "a").ticks(5).heartbeat(1, 1, "a");

        assertThat(scene.said()).isEmpty();
        assertThat(scene.ticks(1).said()).containsExactly("abort cancel_unheeded");
        assertThat(scene.readAborts().said())
                .containsExactly("stage.finished 1 canceled #7", "run.completed canceled #8");
    }

    @Test
    void silenceWhileCancelingEndsTheStageInsteadOfDispatchingItAgain() {
        scene.create(1).ticks(1).claim(1, 1, "a").cancel().said();

        assertThat(scene.ticks(7).said()).containsExactly("abort cancel_unheeded");
    }

    @Test
    void releaseWhileCancelingEndsTheStage() {
        scene.create(1).claim(1, 1, "a").cancel().said();

        assertThat(scene.release(1, 1, "a").said()).containsExactly("abort canceled_in_queue");
    }

    @Test
    void cancelWhileTheNextAttemptWaitsEndsTheStageAtOnce() {
        scene.create(1).ticks(1).claim(1, 1, "a").ticks(7).said();

        assertThat(scene.cancel().said()).containsExactly("run.cancel.requested", "abort canceled_in_queue");
    }

    @Test
    void lastStepThatCompletedBeforeTheCancelWasSeenSucceeds() {
        scene.create(1).claim(1, 1, "a").cancel().said();

        assertThat(scene.complete(1, 1, "a", Outcome.SUCCEEDED).said())
                .containsExactly("stage.finished 1 succeeded #7", "run.completed succeeded #8");
    }

    @Test
    void withStepsLeftTheCancelStands() {
        scene.create(2).claim(1, 1, "a").cancel().said();

        assertThat(scene.complete(1, 1, "a", Outcome.SUCCEEDED).said())
                .containsExactly("stage.finished 1 succeeded #7", "run.completed canceled #8");
    }

    @Test
    void cancelOfAnUnknownRunDoesNothing() {
        assertThat(scene.cancel().ticks(3).said()).isEmpty();
        assertThat(scene.create(1).said()).hasSize(4);
    }

    private static Limits limits(Duration queueDeadline, int maxAttempts) {
        return new Limits(Duration.ofHours(6), Duration.ofHours(2), queueDeadline, maxAttempts);
    }
}
