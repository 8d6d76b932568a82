package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.coordinator.reading.BookReading;
import io.tailrace.events.build.BuildFact;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.run.Outcome;
import java.io.File;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
            it.give(Records.of(RUN, 2, 1, 3 + i, "b", new BuildFact.Heartbeat()));
            it.seconds(1);
        }
    }
}
