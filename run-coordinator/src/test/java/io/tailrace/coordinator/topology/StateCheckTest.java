package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.coordinator.decide.PausedTurn;
import io.tailrace.coordinator.decide.Steps;
import io.tailrace.coordinator.reading.BookReading;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnFact;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A state that forgets: the log has what it forgot, and the run goes on as if nothing had been. */
class StateCheckTest {
    private static final RunId RUN = new RunId("r-one");
    private static final int A_LOOK = 35;

    @TempDir
    private File folder;

    private CheckedTask task;

    @BeforeEach
    void start() {
        task = new CheckedTask(folder);
        inTheSecondStage(task);
    }

    @Test
    void aForgottenRunGoesOnAsIfNothingHadBeen() {
        CheckedTask undisturbed = new CheckedTask(folder);
        inTheSecondStage(undisturbed);
        task.forget(RUN);
        for (CheckedTask it : List.of(task, undisturbed)) {
            it.restart();
            beating(it, A_LOOK);
            it.give(Records.of(RUN, 2, 1, 3 + A_LOOK, "b", Records.lines(1)));
            it.give(Records.of(RUN, 2, 1, 4 + A_LOOK, "b", Records.completed(Outcome.SUCCEEDED)));
        }

        assertThat(task.spine())
                .isEqualTo(undisturbed.spine())
                .last()
                .asString()
                .startsWith("run.completed");
        assertThat(task.ids()).as("the very same events").isEqualTo(undisturbed.ids());
        isWhole();
        assertThat(task.takenUp()).isEqualTo(1);
        assertThat(undisturbed.takenUp()).isZero();
    }

    /** The state is that of a moment before the run, and so is where it reads its commands from. */
    @Test
    void aCreationThatIsReadAgainMakesNoRunThatTheSpineHas() {
        List<String> before = task.spine();
        task.forgetItsTime(RUN);
        task.restart();
        task.readLast(Topic.RUN_COMMANDS);
        assertThat(task.spine()).isEqualTo(before);
        beating(task, A_LOOK);
        task.give(Records.of(RUN, 2, 1, 3 + A_LOOK, "b", Records.completed(Outcome.SUCCEEDED)));

        assertThat(task.spine()).filteredOn(it -> it.startsWith("run.created")).hasSize(1);
        assertThat(task.takenUp()).isEqualTo(1);
        isWhole();
    }

    @Test
    void aCreationThatIsReadAgainMakesNoRunThatHasEndedMeanwhile() {
        task.give(Records.of(RUN, 2, 1, 3, "b", Records.completed(Outcome.SUCCEEDED)));
        List<String> before = task.spine();
        task.forgetItsTime(RUN);
        task.restart();
        task.readLast(Topic.RUN_COMMANDS);
        task.seconds(A_LOOK);

        assertThat(task.spine()).isEqualTo(before).last().asString().startsWith("run.completed");
        task.readLast(Topic.RUN_COMMANDS);
        assertThat(task.spine()).isEqualTo(before);
        isWhole();
    }

    /** Its commit had no marker on the spine yet when the task began, but the state was restored to before it. */
    @Test
    void aCreationThatIsReadAgainMakesNoRunWhoseCommitIsSeenLate() {
        List<String> before = task.spine();
        task.forgetItsTime(RUN);
        task.log.pending(before.size());
        task.restart();
        task.readLast(Topic.RUN_COMMANDS);

        assertThat(task.spine()).isEqualTo(before);
        beating(task, A_LOOK);
        task.give(Records.of(RUN, 2, 1, 3 + A_LOOK, "b", Records.completed(Outcome.SUCCEEDED)));
        assertThat(task.takenUp()).isEqualTo(1);
        isWhole();
    }

    /** Of the first command of a partition there is no mark before it. */
    @Test
    void aStateThatKnowsOfNoCommandMakesNoRunThatTheSpineHas() {
        RunId ended = new RunId("r-ended");
        task.give(Records.create(ended, 1, Limits.DEFAULT));
        task.give(Records.of(ended, 1, 1, 1, "a", Records.claim()));
        task.give(Records.of(ended, 1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED)));
        List<String> before = task.spine();
        task.forgetAll();
        task.restart();
        task.log.of(Topic.RUN_COMMANDS).forEach(task::read);

        assertThat(task.spine()).isEqualTo(before);
        task.seconds(3);
        assertThat(task.takenUp()).isEqualTo(2);
        assertThat(task.gauge("unreadable.states")).isZero();
        task.restart();
        assertThat(task.gauge("unreadable.states")).isZero();
    }

    /** The state is that of a moment before the first turn, and the second one comes: it is not the first. */
    @Test
    void whatIsWantedOfARunWhoseStateIsOlderThanTheSpineWaits() {
        RunId chat = HostileStory.CHAT;
        task.give(HostileStory.createChat());
        List<byte[]> old = task.stored(chat);
        task.give(HostileStory.submit(1));
        task.goBack(chat, old);
        task.restart();
        task.give(HostileStory.submit(2));
        assertThat(requested(chat)).isEqualTo(1);
        task.seconds(3);

        assertThat(task.takenUp()).isEqualTo(1);
        assertThat(requested(chat)).as("it is queued behind the first").isEqualTo(1);
        StageId first = StageId.of(chat, 1);
        TurnFact.AttemptStarted claim = new TurnFact.AttemptStarted(TurnId.of(first));
        task.give(HostileStory.turn(first, 1, 1, "a", claim));
        task.give(HostileStory.turn(first, 1, 2, "a", HostileStory.answer(1)));
        assertThat(requested(chat)).isEqualTo(2);
    }

    /** What is stated without a number of its own, and what makes the coordinator state it. */
    enum Unnumbered {
        CANCEL {
            @Override
            void state(CheckedTask it) {
                it.give(Records.cancel(RUN));
            }
        },
        REDISPATCH {
            @Override
            void state(CheckedTask it) {
                it.seconds(20);
            }
        },
        TURN {
            @Override
            void state(CheckedTask it) {
                it.give(HostileStory.submit(3));
            }
        },
        TURN_WITHOUT_ROOM {
            @Override
            void state(CheckedTask it) {
                it.give(HostileStory.submit(3));
                it.give(HostileStory.submit(4));
            }
        },
        CANCEL_OF_A_TURN {
            @Override
            void state(CheckedTask it) {
                it.give(cancelTurn(1));
            }
        },
        CANCEL_OF_A_TURN_THAT_WAITS {
            @Override
            void state(CheckedTask it) {
                it.give(cancelTurn(2));
            }
        },
        CLOSING {
            @Override
            void state(CheckedTask it) {
                it.give(Records.command(HostileStory.CHAT, new RunCommand.CloseRun(Optional.empty())));
            }
        };

        abstract void state(CheckedTask it);

        private static ProducerRecord<byte[], byte[]> cancelTurn(int number) {
            return Records.command(
                    HostileStory.CHAT, new RunCommand.CancelTurn(HostileStory.turn(number), Optional.empty()));
        }
    }

    /** The state is that of a moment before, and so are its marks: all that came after it is read again. */
    @ParameterizedTest
    @EnumSource
    void whatIsOnTheSpineWithoutANumberIsNeitherForgottenNorDecidedAgain(Unnumbered fact) {
        withAChat();
        List<KeyValue<byte[], byte[]>> before = task.snapshot();
        int known = task.spine().size();
        fact.state(task);
        List<String> spine = task.spine();
        assertThat(spine.subList(known, spine.size()))
                .isNotEmpty()
                .allSatisfy(it -> assertThat(it).doesNotContain("#"));
        task.restore(before);
        task.seconds(3);

        assertThat(task.takenUp()).isEqualTo(1);
        assertThat(task.spine()).isEqualTo(spine);
    }

    @ParameterizedTest
    @EnumSource
    void aStateThatHasItIsNotMadeAnew(Unnumbered fact) {
        withAChat();
        int known = task.spine().size();
        fact.state(task);
        task.forgetSpineProgress();
        task.restart();
        task.seconds(3);

        assertThat(task.log.spineReadFrom()).isLessThan(known);
        assertThat(task.takenUp()).isZero();
    }

    /** The command counts as decided, so it is not read again. */
    @Test
    void aCancelThatTheStateLacksIsCarriedOutByForce() {
        List<byte[]> old = task.stored(RUN);
        task.give(Records.cancel(RUN));
        task.goBack(RUN, old);
        task.restart();
        beating(task, 15);

        assertThat(task.aborts("cancel_unheeded")).isPositive();
    }

    /** Its first turn is being answered, the second one waits. */
    private void withAChat() {
        task.give(HostileStory.createChat());
        task.give(HostileStory.submit(1));
        task.give(HostileStory.submit(2));
        task.seconds(1);
    }

    @Test
    void aTaskThatDoesNotKnowHowFarItKnowsTheSpineBeginsShortlyBeforeItsLastCommand() {
        task.seconds(20);
        int old = task.log.size(Topic.RUN_EVENTS);
        task.give(Records.create(new RunId("r-last"), 1, Limits.DEFAULT));
        task.forgetSpineProgress();
        task.restart();

        assertThat(task.log.spineReadFrom()).isEqualTo(old);
        assertThat(task.takenUp()).isZero();
    }

    @Test
    void aSpineThatIsTooLongForATaskIsReadBeforeItStartsAgain() {
        assertThat(task.log.ahead().wanted(Records.log(7), 1)).isEmpty();
        List<String> before = task.spine();
        task.forgetAll();
        task.log.longBefore(before.size());
        assertThatThrownBy(task::restart).matches(SpineTooLong::isCauseOf);
        assertThat(task.log.ahead().wanted(Records.log(7), 1)).containsExactly(0);
        task.log.ahead().read(0, task.log::readSpine);
        assertThat(task.log.ahead().wanted(Records.log(7), 1)).isEmpty();
        task.restart();
        task.log.of(Topic.RUN_COMMANDS).forEach(task::read);

        assertThat(task.spine()).isEqualTo(before);
        task.seconds(3);
        assertThat(task.takenUp()).isEqualTo(1);
    }

    @Test
    void whatWasReadAheadOfAnotherLogIsForgotten() {
        SpineAhead ahead = task.log.ahead();
        assertThat(ahead.wanted(Records.log(7), 1)).isEmpty();
        ahead.want(0, 0);
        ahead.read(0, task.log::readSpine);
        assertThat(ahead.from(0, 0).traces()).isNotEmpty();
        assertThat(ahead.wanted(Records.log(7), 3)).isEmpty();
        ahead.want(1, 0);
        assertThat(ahead.wanted(Records.log(7), 3)).containsExactly(1, 2);

        assertThat(ahead.wanted(Records.log(8), 3)).isEmpty();
        assertThat(ahead.from(0, 0).traces()).isEmpty();
    }

    @Test
    void whatWasReadAheadIsFreeWhenTheTasksHaveStarted() {
        SpineAhead ahead = task.log.ahead();
        assertThat(ahead.wanted(Records.log(7), 3)).isEmpty();
        ahead.want(0, 0);
        ahead.wanted(Records.log(7), 3).forEach(it -> ahead.read(it, task.log::readSpine));
        assertThat(IntStream.range(0, 3))
                .allMatch(it -> !ahead.from(it, 0).traces().isEmpty());
        ahead.forget();

        assertThat(ahead.isEmpty()).isTrue();
        assertThat(IntStream.range(0, 3))
                .allMatch(it -> ahead.from(it, 0).traces().isEmpty());
        ahead.want(2, 0);
        assertThat(ahead.wanted(Records.log(7), 3))
                .as("not all of them once more")
                .containsExactly(2);
    }

    private long requested(RunId run) {
        return task.records(Topic.RUN_EVENTS).stream()
                .filter(it -> it.run().equals(run) && it.headers().type().equals("stage.requested"))
                .count();
    }

    @Test
    void aTaskBeginsToLookWhereItsStateKnowsTheSpine() {
        task.seconds(A_LOOK);
        int known = task.log.size(Topic.RUN_EVENTS);
        task.restart();
        assertThat(task.log.spineReadFrom()).isEqualTo(known);
    }

    @Test
    void aCreationThatWasNeverDecidedIsDecidedAtOnce() {
        RunId late = new RunId("r-late");
        task.write(Records.create(late, 1, Limits.DEFAULT));
        task.restart();
        task.readLast(Topic.RUN_COMMANDS);

        assertThat(task.records(Topic.RUN_EVENTS)).anyMatch(it -> it.run().equals(late));
        assertThat(task.takenUp()).isZero();
    }

    @Test
    void aStageThatEndedWhileItsRunWasForgottenIsDecidedOn() {
        task.forget(RUN);
        task.restart();
        task.give(Records.of(RUN, 2, 1, 3, "b", Records.completed(Outcome.SUCCEEDED)));
        task.seconds(A_LOOK);

        isWhole();
    }

    @Test
    void whatComesWhileTheStateIsMadeIsNotLost() {
        task.forget(RUN);
        task.restart();
        for (int i = 0; i < A_LOOK; i++) {
            task.give(Records.of(RUN, 2, 1, 3 + i, "b", Records.lines(1)));
            task.seconds(1);
        }
        task.give(Records.of(RUN, 2, 1, 3 + A_LOOK, "b", Records.completed(Outcome.SUCCEEDED)));

        isWhole();
    }

    /** Of a plan of builds and prompts: the topic that the results lie in is not that of the open stage. */
    @Test
    void whereTheResultsOfPromptsLieIsReadFromTheLog() throws UndecodableRecord {
        RunId mixed = new RunId("r-mixed");
        BuildStep build = new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of());
        PromptStep prompt = PromptStep.of("Hello", new ModelChoice("scripted", Optional.empty()));
        TurnId turn = TurnId.of(StageId.of(mixed, 2));
        task.give(Records.create(mixed, List.of(build, prompt.named("ask"), prompt, build), Limits.DEFAULT));
        task.give(Records.of(mixed, 1, 1, 1, "a", Records.claim()));
        task.give(Records.of(mixed, 1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED)));
        task.give(Records.of(mixed, 2, 1, 1, "b", new TurnFact.AttemptStarted(turn)));
        task.give(Records.of(mixed, 2, 1, 2, "b", Records.answered(turn)));
        long answer = task.log.size(Topic.TURN_EVENTS) - 1L;
        task.give(Records.of(mixed, 3, 1, 1, "b", new TurnFact.AttemptStarted(turn)));
        task.give(Records.of(mixed, 3, 1, 2, "b", Records.answered(turn)));
        List<Steps.ResultOffset> before = results(mixed);
        task.forget(mixed);
        task.restart();
        task.seconds(A_LOOK);

        assertThat(task.takenUp()).isEqualTo(1);
        assertThat(before).containsExactly(new Steps.ResultOffset(2, answer, Optional.empty()));
        assertThat(results(mixed)).isEqualTo(before);
        task.give(Records.of(mixed, 4, 2, 1, "c", Records.claim()));
        task.give(Records.of(mixed, 4, 2, 2, "c", Records.completed(Outcome.SUCCEEDED)));
        assertThat(task.spine()).last().asString().startsWith("run.completed");
    }

    /** The person is asked once; the answer, and the build that it allows, find what the log says of the turn. */
    @Test
    void aTurnThatIsPausedIsMadeOfTheLog() throws UndecodableRecord {
        RunId asking = new RunId("r-asking");
        BuildStep build = new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of());
        PromptStep prompt = PromptStep.of("Hello", new ModelChoice("scripted", Optional.empty()))
                .named("ask")
                .with(ToolUse.of(List.of(
                        new Tool.Build("make", Optional.empty(), build, List.of(), Optional.of(Duration.ofHours(1))))));
        TurnId turn = TurnId.of(StageId.of(asking, 1));
        task.give(Records.create(asking, List.of(prompt), Limits.DEFAULT));
        task.give(Records.of(asking, 1, 1, 1, "b", new TurnFact.AttemptStarted(turn)));
        task.give(Records.of(asking, 1, 1, 2, "b", paused(turn)));
        lost(asking);
        task.give(Records.command(
                asking,
                new RunCommand.DecideApproval(new ApprovalId("1-1-0"), true, Optional.of("ada"), Optional.empty())));
        lost(asking);
        task.give(Records.of(asking, 2, 1, 1, "c", Records.claim()));
        task.give(Records.of(asking, 2, 1, 2, "c", Records.completed(Outcome.SUCCEEDED)));
        lost(asking);

        assertThat(task.takenUp()).isEqualTo(3);
        assertThat(task.spine().stream().filter(it -> it.startsWith("tool.approval.requested")))
                .hasSize(1);
        task.give(Records.of(asking, 3, 2, 1, "b", new TurnFact.AttemptStarted(turn)));
        task.give(Records.of(asking, 3, 2, 2, "b", Records.answered(turn)));
        assertThat(task.spine()).last().asString().startsWith("run.completed");
    }

    private void lost(RunId run) throws UndecodableRecord {
        Optional<PausedTurn> before = paused(run);
        assertThat(before).isPresent();
        assertThat(results(run)).as("a pause is no result").isEmpty();
        task.forget(run);
        task.restart();
        task.seconds(A_LOOK);
        assertThat(paused(run)).isEqualTo(before);
        assertThat(results(run)).isEmpty();
    }

    private Optional<PausedTurn> paused(RunId run) throws UndecodableRecord {
        return new StateCodecs().runs.decode(task.stored(run).getFirst()).paused();
    }

    private static TurnFact paused(TurnId turn) {
        return new TurnFact.TurnPaused(
                turn,
                1,
                List.of(new TurnFact.WaitingCall(new TurnFact.ToolCallRef(1, 0, "c", "make"), "{}")),
                Usage.NONE,
                Duration.ZERO);
    }

    private List<Steps.ResultOffset> results(RunId run) throws UndecodableRecord {
        return new StateCodecs()
                .runs
                .decode(task.stored(run).getFirst())
                .results()
                .orElse(List.of());
    }

    @Test
    void aStateThatCannotBeReadIsMadeOfTheLog() {
        task.spoil(RUN);
        task.restart();
        assertThat(task.gauge("unreadable.states")).isEqualTo(1);
        beating(task, A_LOOK);
        assertThat(task.gauge("unreadable.states")).isZero();
        task.give(Records.of(RUN, 2, 1, 3 + A_LOOK, "b", Records.completed(Outcome.SUCCEEDED)));

        isWhole();
    }

    @Test
    void aRunThatTheStateHasOpenAndTheLogHasEndedIsOver() {
        List<byte[]> old = task.stored(RUN);
        task.give(Records.of(RUN, 2, 1, 3, "b", Records.completed(Outcome.SUCCEEDED)));
        task.goBack(RUN, old);
        task.restart();
        task.seconds(A_LOOK);

        assertThat(task.takenUp()).isEqualTo(1);
        assertThat(task.gauge("active.runs")).isZero();
        assertThat(task.spine()).doesNotContain("stage.redispatched");
        isWhole();
    }

    @Test
    void aHolderThatIsSilentWhileItsRunIsForgottenLosesIt() {
        task.forget(RUN);
        task.restart();
        task.seconds(A_LOOK);

        assertThat(task.spine()).contains("stage.redispatched");
    }

    @Test
    void aRunWhoseSpineIsTrimmedIsSaidToBeLost() {
        task.forget(RUN);
        task.log.of(Topic.RUN_EVENTS).removeFirst();
        task.restart();
        task.seconds(A_LOOK);

        assertThat(task.takenUp()).isZero();
        assertThat(task.gauge("lost.runs")).isEqualTo(1);
    }

    @Test
    void whatIsWantedOfARunWhoseSpineCannotBeReadForAWhileIsNotLost() {
        task.spoil(RUN);
        var first = task.log.of(Topic.RUN_EVENTS).removeFirst();
        task.restart();
        task.give(Records.cancel(RUN));
        task.seconds(A_LOOK);
        assertThat(task.gauge("lost.runs")).isEqualTo(1);

        task.log.of(Topic.RUN_EVENTS).addFirst(first);
        task.seconds(A_LOOK);

        assertThat(task.gauge("lost.runs")).isZero();
        assertThat(task.spine()).containsOnlyOnce("run.cancel.requested");
    }

    @Test
    void aStageGoesOnInATopicThatHasLostItsEnd() {
        beating(task, 20);
        task.log.cutOff(Topic.BUILD_EVENTS, 8);
        task.restart();
        task.seconds(A_LOOK);
        assertThat(task.spine()).as("its holder's records are void now").contains("stage.redispatched");
        task.give(Records.of(RUN, 2, 2, 1, "c", Records.claim()));
        task.give(Records.of(RUN, 2, 2, 2, "c", Records.completed(Outcome.SUCCEEDED)));

        isWhole();
        assertThat(task.registry
                        .counter("tailrace.coordinator.cut.off.topics", "topic", Topic.BUILD_EVENTS.topicName())
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aStageWhoseClaimIsCutOffIsGivenToAnotherBeforeItsSilenceIsOver() {
        int beforeTheClaim = task.log.size(Topic.BUILD_EVENTS) - 3;
        beating(task, 5);
        task.log.cutOff(Topic.BUILD_EVENTS, beforeTheClaim);
        task.restart();
        assertThat(task.log.goesOn(Topic.BUILD_EVENTS)).contains((long) beforeTheClaim);
        beating(task, 4);

        assertThat(task.spine()).contains("stage.redispatched");
        task.give(Records.of(RUN, 2, 2, 1, "c", Records.claim()));
        task.give(Records.of(RUN, 2, 2, 2, "c", Records.completed(Outcome.SUCCEEDED)));
        isWhole();
    }

    @Test
    void aTopicThatWasCutOffAndHasGrownAgainIsNoticed() {
        int beforeTheClaim = task.log.size(Topic.BUILD_EVENTS) - 3;
        task.log.cutOff(Topic.BUILD_EVENTS, beforeTheClaim);
        task.unreadSeconds(20);
        task.restart();

        assertThat(task.log.goesOn(Topic.BUILD_EVENTS)).contains((long) beforeTheClaim);
        assertThat(task.rewound(Topic.BUILD_EVENTS)).isEqualTo(1);
        task.seconds(4);
        assertThat(task.spine()).contains("stage.redispatched");
    }

    @Test
    void aTopicThatIsIntactIsGoneOnWith() {
        long read = task.log.size(Topic.BUILD_EVENTS);
        task.unreadSeconds(3);
        task.restart();

        assertThat(task.log.goesOn(Topic.BUILD_EVENTS)).contains(read);
        assertThat(task.log.goesOn(Topic.RUN_COMMANDS)).contains(1L);
        assertThat(task.rewound(Topic.BUILD_EVENTS)).isZero();
    }

    @Test
    void aCancelThatComesBeforeItsRunIsTakenUpIsNotLost() {
        beating(task, 5);
        task.log.cutOff(Topic.BUILD_EVENTS, task.log.size(Topic.BUILD_EVENTS) - 4);
        task.restart();
        task.give(Records.cancel(RUN));
        task.seconds(5);

        assertThat(task.spine()).contains("run.cancel.requested");
    }

    @Test
    void commandsThatWereCutOffAreReadFromWhereTheyEndedThen() {
        for (int i = 0; i < 5; i++) {
            task.give(Records.create(new RunId("r-old-" + i), 1, Limits.DEFAULT));
            task.seconds(1);
        }
        task.log.cutOff(Topic.RUN_COMMANDS, 2);
        task.seconds(9);
        for (int i = 0; i < 9; i++) {
            task.write(Records.create(new RunId("r-new-" + i), 1, Limits.DEFAULT));
        }
        task.restart();

        assertThat(task.log.goesOn(Topic.RUN_COMMANDS)).contains(2L);
        assertThat(task.rewound(Topic.RUN_COMMANDS)).isEqualTo(1);
    }

    @Test
    void aCancelThatWasDecidedLateIsNotForcedEarly() {
        task.write(Records.cancel(RUN));
        beating(task, 20);
        task.readLast(Topic.RUN_COMMANDS);
        task.seconds(1);
        task.forget(RUN);
        task.restart();
        task.seconds(4);

        assertThat(task.takenUp()).isEqualTo(1);
        assertThat(task.spine()).last().asString().startsWith("run.cancel.requested");
        assertThat(task.aborts("cancel_unheeded")).isZero();
    }

    private void isWhole() {
        BookReading.countToTheEnd(RUN, 0, task.records(Topic.RUN_EVENTS), task.records(Topic.BUILD_EVENTS));
    }

    /** Two stages; the second is held and has three lines. */
    private static void inTheSecondStage(CheckedTask it) {
        it.give(Records.create(RUN, 2, Limits.DEFAULT));
        it.seconds(2);
        it.give(Records.of(RUN, 1, 1, 1, "a", Records.claim()));
        it.give(Records.of(RUN, 1, 1, 2, "a", Records.lines(2)));
        it.give(Records.of(RUN, 1, 1, 3, "a", Records.completed(Outcome.SUCCEEDED)));
        it.seconds(1);
        it.give(Records.of(RUN, 2, 1, 1, "b", Records.claim()));
        it.give(Records.of(RUN, 2, 1, 2, "b", Records.lines(3)));
        it.seconds(1);
    }

    private static void beating(CheckedTask it, int seconds) {
        for (int i = 0; i < seconds; i++) {
            it.give(Records.of(RUN, 2, 1, 3 + i, "b", (BuildFact) new StageFact.Heartbeat()));
            it.seconds(1);
        }
    }
}
