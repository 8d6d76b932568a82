package io.tailrace.coordinator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.coordinator.topology.StoredRuns;
import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Step;
import io.tailrace.events.plan.StepLimits;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.plan.TurnPolicy;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.StepResult;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Journals of turns that wait for a person or for builds. */
class PausedTurnTest {
    private static final ModelChoice MODEL = new ModelChoice("scripted", Optional.empty());
    private static final BuildStep BUILD = new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of());

    /** What the prompts below may call: with approval, as a build, as both, and at once. */
    static final ToolUse TOOLS = new ToolUse(
            List.of(
                    new Tool.HttpGet(
                            "ask", Optional.empty(), List.of("a.example"), false, Optional.of(Duration.ofSeconds(60))),
                    new Tool.Build("make", Optional.empty(), BUILD, List.of(), Optional.empty()),
                    new Tool.Build("risk", Optional.empty(), BUILD, List.of(), Optional.of(Duration.ofSeconds(30))),
                    new Tool.HttpGet("get", Optional.empty(), List.of("a.example"), true)),
            5,
            20,
            Duration.ofSeconds(5),
            1000);

    /** A prompt with tools whose result a later prompt uses. */
    static final List<Step> PLAN = List.of(
            PromptStep.of("Hello", MODEL).named("first").with(TOOLS),
            PromptStep.of("More of {{steps.first.text}}", MODEL));

    private final Scene scene = new Scene();

    private Scene paused(String... calls) {
        scene.create(PLAN, Limits.DEFAULT).claim(1, 1, "a");
        scene.said();
        return scene.pause(1, 1, "a", 1, List.of(calls));
    }

    @Test
    void aTurnThatWaitsForAPersonHasNoStageUntilTheAnswer() {
        assertThat(paused("0:ask").said())
                .containsExactly("stage.finished 1 succeeded paused in 1 #6", "tool.approval.requested 1-1-0 ask #7");
        assertThat(scene.state()).isInstanceOf(RunState.Waiting.class);
        assertThat(scene.ticks(20).said()).isEmpty();

        assertThat(scene.answer("1-1-0", true).said())
                .containsExactly(
                        "tool.approval.decided 1-1-0 approved #8",
                        "stage.requested 1 #9",
                        "request .2/1 prompt goes on from 1@1000-1001 told [1/0 approved]");
        assertThat(scene.answer("1-1-0", false).said()).isEmpty();
    }

    @Test
    void itsEndIsTheStepsResult() {
        paused("0:ask").answer("1-1-0", false).claim(2, 1, "b").said();

        assertThat(scene.complete(2, 1, "b", Outcome.SUCCEEDED).said())
                .containsExactly(
                        "stage.finished 1 succeeded #12",
                        "stage.requested 2 #13",
                        "request .3/1 prompt of first@" + lastOffset());
        assertThat(((TurnSource.PlanPrompt) ((TurnRequest) scene.requests.getLast()).source()).results())
                .extracting(StepResult::stage)
                .containsExactly(StageId.of(Scene.RUN, 2));
    }

    private long lastOffset() {
        return scene.chapters.getLast().offset();
    }

    @Test
    void itGoesOnWhenAllAreAnsweredAndNotBefore() {
        assertThat(paused("0:ask", "1:risk", "2:ask").said())
                .containsExactly(
                        "stage.finished 1 succeeded paused in 1 #6",
                        "tool.approval.requested 1-1-0 ask #7",
                        "tool.approval.requested 1-1-1 risk #8",
                        "tool.approval.requested 1-1-2 ask #9");
        assertThat(scene.answer("1-1-2", true).said()).containsExactly("tool.approval.decided 1-1-2 approved #10");
        assertThat(scene.answer("1-1-1", false).said()).containsExactly("tool.approval.decided 1-1-1 denied #11");
        assertThat(scene.answer("1-1-0", true).said())
                .containsExactly(
                        "tool.approval.decided 1-1-0 approved #12",
                        "stage.requested 1 #13",
                        "request .2/1 prompt goes on from 1@1000-1001 told [1/0 approved, 1/1 denied, 1/2 approved]");
    }

    @Test
    void buildsAreExecutedOneAfterAnotherInStagesOfTheirOwn() {
        assertThat(paused("0:make", "2:make").said())
                .containsExactly(
                        "stage.finished 1 succeeded paused in 1 #6",
                        "stage.requested 1 for make #7",
                        "request .2/1 for 1@1001 1/0");
        scene.claim(2, 1, "builder").lines(2, 1, "builder", 3).said();
        assertThat(scene.complete(2, 1, "builder", Outcome.FAILED).said())
                .containsExactly(
                        "stage.finished 1 failed #13", "stage.requested 1 for make #14", "request .3/1 for 1@1001 1/2");
        scene.claim(3, 1, "builder").said();
        assertThat(scene.complete(3, 1, "builder", Outcome.SUCCEEDED).said())
                .containsExactly(
                        "stage.finished 1 succeeded #17",
                        "stage.requested 1 #18",
                        "request .4/1 prompt goes on from 1@1000-1001 told [1/0 built 2@700000-700002 failed,"
                                + " 1/2 built 3@700003-700004 succeeded]");
    }

    @Test
    void aBuildThatIsAskedForIsExecutedOnlyIfItMay() {
        paused("0:risk", "1:risk").answer("1-1-0", false).said();

        assertThat(scene.answer("1-1-1", true).said())
                .containsExactly(
                        "tool.approval.decided 1-1-1 approved #10",
                        "stage.requested 1 for risk #11",
                        "request .2/1 for 1@1001 1/1");
    }

    @Test
    void questionsExpireByTheClockOfTheLog() {
        paused("0:ask", "1:risk").said();

        assertThat(scene.pause(Duration.ofHours(3)).ticks(30).said()).isEmpty();
        assertThat(scene.ticks(2).said()).containsExactly("tool.approval.decided 1-1-1 expired #9");
        assertThat(scene.answer("1-1-1", true).said()).isEmpty();
        assertThat(scene.ticks(32).said())
                .containsExactly(
                        "tool.approval.decided 1-1-0 expired #10",
                        "stage.requested 1 #11",
                        "request .2/1 prompt goes on from 1@1000-1001 told [1/0 expired, 1/1 expired]");
    }

    @Test
    void itCanBePausedAgainAndAgainInLaterRounds() {
        paused("0:ask").answer("1-1-0", true).claim(2, 1, "b").said();

        assertThat(scene.pause(2, 1, "b", 3, List.of("1:ask")).said())
                .containsExactly("stage.finished 1 succeeded paused in 3 #12", "tool.approval.requested 2-3-1 ask #13");
        for (String other : List.of("1-1-0", "1-3-1", "3-3-1", "2-1-1", "2-3-0")) {
            assertThat(scene.answer(other, true).said()).as(other).isEmpty();
        }
        assertThat(scene.answer("2-3-1", true).said())
                .contains("request .3/1 prompt goes on from 1@1000-1001,2@1002-1003 told [3/1 approved]");
    }

    @Test
    void aLostWorkerIsFollowedByAnotherThatIsToldTheSame() {
        paused("0:ask").answer("1-1-0", true).claim(2, 1, "b").said();

        assertThat(scene.release(2, 1, "b").said())
                .contains("request .2/2 prompt goes on from 1@1000-1001 told [1/0 approved]");
    }

    /** What a prompt says of its own stages is not said of a build that one of its tools is: the prompt allows no second try. */
    @Test
    void aBuildOfATurnHasTheLimitsOfTheRunAndNotOfThePrompt() {
        PromptStep prompt = PromptStep.of("Hello", MODEL).with(TOOLS);
        StepLimits once = new StepLimits(Optional.empty(), Optional.empty(), Optional.of(1));
        PromptStep hasty = new PromptStep(
                prompt.name(),
                prompt.text(),
                prompt.model(),
                prompt.system(),
                prompt.generation(),
                prompt.script(),
                Optional.of(once),
                prompt.assistant(),
                prompt.retrieval(),
                prompt.toolUse());
        scene.create(List.of(hasty), Limits.DEFAULT)
                .claim(1, 1, "a")
                .pause(1, 1, "a", 1, List.of("0:make"))
                .claim(2, 1, "builder")
                .said();
        assertThat(scene.ticks(8).said()).anyMatch(it -> it.startsWith("stage.redispatched"));
        scene.claim(2, 2, "builder-two")
                .complete(2, 2, "builder-two", Outcome.SUCCEEDED)
                .claim(3, 1, "b")
                .said();

        scene.ticks(8);

        assertThat(scene.readAborts().said()).anyMatch(it -> it.contains("failed (attempts_exhausted)"));
    }

    @Test
    void aCancelEndsARunThatWaits() {
        paused("0:ask").said();

        assertThat(scene.cancel().said()).containsExactly("run.cancel.requested #8", "run.completed canceled #9");
        assertThat(scene.answer("1-1-0", true).said()).isEmpty();
    }

    @Test
    void aTurnThatIsPausedWhileItIsCanceledIsCanceled() {
        scene.create(PLAN.subList(0, 1), Limits.DEFAULT)
                .claim(1, 1, "a")
                .cancel()
                .said();

        assertThat(scene.pause(1, 1, "a", 1, List.of("0:ask")).said())
                .containsExactly("stage.finished 1 succeeded paused in 1 #7", "run.completed canceled #8");
    }

    @Test
    void whateverABuildOfATurnEndsWithAfterACancelTheRunIsCanceled() {
        for (Outcome outcome : Outcome.values()) {
            Scene other = new Scene();
            other.create(PLAN.subList(0, 1), Limits.DEFAULT)
                    .claim(1, 1, "a")
                    .pause(1, 1, "a", 1, List.of("0:make"))
                    .claim(2, 1, "b")
                    .cancel()
                    .said();

            assertThat(other.complete(2, 1, "b", outcome).said())
                    .containsExactly("stage.finished 1 " + Said.lower(outcome) + " #11", "run.completed canceled #12");
        }
    }

    @Test
    void theWallClockEndsARunThatWaits() {
        scene.create(PLAN, new Limits(Duration.ofSeconds(20), Duration.ofHours(1), Duration.ofHours(1), 3))
                .claim(1, 1, "a")
                .pause(1, 1, "a", 1, List.of("0:ask"))
                .said();

        assertThat(scene.ticks(20).said()).isEmpty();
        assertThat(scene.ticks(2).said()).containsExactly("run.completed failed (wall_clock) #8");
    }

    /** Neither the next build nor the turn, whose worker would do what has effects. */
    @Test
    void nothingMoreIsBegunWhenTheWallClockIsSpent() {
        scene.create(PLAN, new Limits(Duration.ofSeconds(20), Duration.ofHours(1), Duration.ofHours(1), 3))
                .claim(1, 1, "a")
                .pause(1, 1, "a", 1, List.of("0:make", "1:make"))
                .claim(2, 1, "builder");
        for (int i = 0; i < 5; i++) {
            scene.ticks(5).heartbeat(2, 1, "builder");
        }
        scene.said();

        assertThat(scene.readAborts().said())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("stage.finished 1 failed (wall_clock)");
        assertThat(scene.state()).isInstanceOf(RunState.Completed.class);
    }

    @Test
    void whatIsKeptOfManyCallsHasABound() {
        paused(IntStream.range(0, 200).mapToObj(it -> it + ":ask").toArray(String[]::new));
        for (int i = 0; i < 199; i++) {
            scene.answer("1-1-" + i, i % 2 == 0);
        }
        PausedTurn turn = ((RunState.Waiting) scene.state()).turn();

        assertThat(turn.calls().get(0).reason()).as("of a call that is allowed").isEmpty();
        assertThat(turn.calls().get(1).reason()).contains("because");
        PausedTurn told = turn.decided(new RunFact.ToolApprovalDecided(
                turn.approval(turn.calls().getLast()),
                ApprovalDecision.DENIED,
                Optional.empty(),
                Optional.of("x".repeat(1000))));
        assertThat(told.calls().getLast().reason().orElseThrow()).hasSize(64 * 1024 / 200);
    }

    @Test
    void aPauseThatIsRefusedIsNothingThatLaterTurnsAreMadeOf() {
        scene.createChat(TurnPolicy.ENQUEUE, 3, Limits.DEFAULT).submit(1).claim(1, 1, "a");
        scene.pause(1, 1, "a", 1, List.of("0:ask"));

        assertThat(((RunState.Idle) scene.state()).conversation().history()).isEmpty();
    }

    @Test
    void noTurnIsPausedForWhatIsNotWaitedFor() {
        for (List<String> calls : List.of(
                List.of("0:get"),
                List.of("0:ask", "1:unknown"),
                List.of("1:ask", "0:ask"),
                List.of("0:ask", "0:ask"),
                List.of("-1:ask"),
                List.of("200:ask"),
                Collections.<String>emptyList(),
                Collections.nCopies(201, "0:ask"))) {
            Scene other = new Scene();
            other.create(PLAN, Limits.DEFAULT).claim(1, 1, "a").said();

            assertThat(other.pause(1, 1, "a", 1, calls).said())
                    .as("%s", calls)
                    .containsExactly(
                            "stage.finished 1 failed (invalid_pause) #6", "run.completed failed (invalid_pause) #7");
        }
    }

    @Test
    void noRoundIsWaitedForTwiceAndNoneBeyondTheLast() {
        for (int round : new int[] {0, 1, 6, Integer.MAX_VALUE, -3}) {
            Scene other = new Scene();
            other.create(PLAN, Limits.DEFAULT)
                    .claim(1, 1, "a")
                    .pause(1, 1, "a", 1, List.of("0:ask"))
                    .answer("1-1-0", true)
                    .claim(2, 1, "a")
                    .said();

            assertThat(other.pause(2, 1, "a", round, List.of("0:ask")).said())
                    .as("round %d", round)
                    .contains("run.completed failed (invalid_pause) #13");
        }
    }

    @Test
    void noChatAndNoBuildIsPaused() {
        scene.create(List.of(PromptStep.of("Hello", MODEL)), Limits.DEFAULT)
                .claim(1, 1, "a")
                .said();
        assertThat(scene.pause(1, 1, "a", 1, List.of("0:ask")).said())
                .contains("stage.finished 1 failed (invalid_pause) #6");
    }

    @Test
    void longArgumentsAreCutAndAllOfThemTogether() {
        StageEnd end =
                StageEnd.of(pausedWith(1, "x".repeat(4095) + "\ud83d\ude00")).orElseThrow();
        StageEnd many = StageEnd.of(pausedWith(200, "x".repeat(5000))).orElseThrow();

        assertThat(end.pause().orElseThrow().call(0).orElseThrow())
                .isEqualTo(new StageEnd.AskedCall(0, "ask", "x".repeat(4095), 4097));
        assertThat(many.pause().orElseThrow().calls().stream()
                        .mapToInt(it -> it.arguments().length())
                        .sum())
                .isBetween(60_000, 64 * 1024);
    }

    private static TurnFact pausedWith(int calls, String arguments) {
        List<TurnFact.WaitingCall> waiting = IntStream.range(0, calls)
                .mapToObj(it -> new TurnFact.WaitingCall(new TurnFact.ToolCallRef(1, it, "c", "ask"), arguments))
                .toList();
        return new TurnFact.TurnPaused(Scene.turn(1), 1, waiting, Usage.NONE, Duration.ZERO);
    }

    @Test
    void whatItWaitsForIsStoredAndMadeOfTheSpineAgain() {
        paused("0:ask", "1:make");
        assertStored();
        scene.answer("1-1-0", true);
        assertStored();
        scene.claim(2, 1, "b");
        assertStored();
        scene.complete(2, 1, "b", Outcome.SUCCEEDED);
        assertStored();
        scene.claim(3, 1, "a").pause(3, 1, "a", 2, List.of("0:ask"));
        assertStored();
    }

    private void assertStored() {
        RunState.Active state = (RunState.Active) scene.state();
        assertThat(StoredRuns.restored(state)).isEqualTo(state);
        RunState replayed = new RunState.Unknown();
        for (Change change : scene.changes) {
            replayed = replayed.evolve(change);
        }
        assertThat(replayed).isEqualTo(state);
    }

    @Test
    void itsQuestionsSayWhatIsAsked() {
        paused("0:risk");

        assertThat(scene.facts.getLast())
                .isEqualTo(new RunFact.ToolApprovalRequested(
                        new ApprovalId("1-1-0"),
                        new RunFact.ToolCallSpot(StageId.of(Scene.RUN, 1), 1, 0, "risk"),
                        "{}",
                        2,
                        Duration.ofSeconds(30)));
    }
}
