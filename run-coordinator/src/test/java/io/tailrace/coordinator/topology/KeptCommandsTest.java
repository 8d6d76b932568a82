package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.command.RunCommand;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnFact;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Inputs that come while the states of their runs are made of the log, by a task that dies before it has decided them. In
 * the first second the log is asked, after the second one the runs are held, after the third one their states are there.
 */
class KeptCommandsTest {
    private static final RunId RUN = new RunId("r-one");
    private static final RunId LONGER = new RunId("r-one-more");
    private static final RunId CHAT = HostileStory.CHAT;
    private static final StageId TURN = StageId.of(CHAT, 1);
    private static final int A_LOOK = 35;
    private static final int MORE_THAN_A_RUN_HOLDS = 10_001;
    private static final int MORE_THAN_ARE_HELD_AT_ONCE = 230;

    @TempDir
    private File folder;

    private CheckedTask task;

    @BeforeEach
    void start() {
        task = new CheckedTask(folder);
        for (RunId run : List.of(RUN, LONGER)) {
            task.give(Records.create(run, 1, Limits.DEFAULT));
            task.give(Records.of(run, 1, 1, 1, "a", Records.claim()));
        }
        task.give(HostileStory.createChat());
        task.give(HostileStory.submit(1));
        task.give(HostileStory.turn(TURN, 1, 1, "b", new TurnFact.AttemptStarted(TurnId.of(TURN))));
        task.seconds(2);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "0,2", "0,3", "1,1", "1,2", "1,3", "2,2", "2,3"})
    void commandsOutliveTheTaskThatHasReadThem(int read, int died) {
        spoilAll();
        task.seconds(read);
        task.give(Records.cancel(RUN));
        task.give(HostileStory.submit(2));
        task.give(Records.cancel(LONGER));
        task.give(close());
        task.give(HostileStory.submit(3));
        task.seconds(died - read);
        task.dieAndGoOn();
        task.seconds(4);

        assertThat(said(RUN, "run.cancel.requested")).isEqualTo(1);
        assertThat(said(LONGER, "run.cancel.requested")).isEqualTo(1);
        assertThat(said(CHAT, "turn.submitted")).as("none after the closing").isEqualTo(2);
        assertThat(said(CHAT, "run.close.requested")).isEqualTo(1);
        assertThat(task.kept()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,2", "0,3", "2,2", "2,3"})
    void whatStagesSayOutlivesTheTaskThatHasReadIt(int read, int died) {
        spoilAll();
        task.seconds(read);
        task.give(Records.of(RUN, 1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED)));
        task.give(HostileStory.turn(TURN, 1, 2, "b", HostileStory.answer(1)));
        task.seconds(died - read);
        task.dieAndGoOn();
        task.seconds(4);

        assertThat(said(RUN, "run.completed")).isEqualTo(1);
        assertThat(said(CHAT, "stage.finished")).isEqualTo(1);
        assertThat(said(RUN, "stage.redispatched")).isZero();
    }

    /** Why a state is not to be trusted. */
    enum Fault {
        UNREADABLE {
            @Override
            void strike(CheckedTask it) {
                it.spoil(CHAT);
            }
        },
        OLDER_THAN_ITS_RUN {
            @Override
            void strike(CheckedTask it) {
                it.forgetAll();
            }
        },
        OLDER_THAN_THE_SPINE {
            @Override
            void strike(CheckedTask it) {
                List<byte[]> old = it.stored(CHAT);
                it.give(HostileStory.submit(2));
                it.goBack(CHAT, old);
            }
        },
        OF_RECORDS_THAT_ARE_GONE {
            @Override
            void strike(CheckedTask it) {
                it.seconds(Topic.TURN_EVENTS, 9);
                it.log.cutOff(Topic.TURN_EVENTS, 1);
            }
        };

        abstract void strike(CheckedTask it);
    }

    @ParameterizedTest
    @EnumSource
    void commandsOutliveTheTaskWhateverIsWrongWithTheState(Fault fault) {
        fault.strike(task);
        task.restart();
        task.give(close());
        assertThat(task.kept()).isEqualTo(1);
        task.dieAndGoOn();
        task.seconds(4);

        assertThat(said(CHAT, "run.close.requested")).isEqualTo(1);
        assertThat(task.kept()).isZero();
    }

    @Test
    void aCommandThatIsReadTwiceIsKeptOnce() {
        spoilAll();
        task.give(Records.cancel(RUN));
        task.readLast(Topic.RUN_COMMANDS);
        assertThat(task.kept()).isEqualTo(1);
        task.give(Records.cancel(RUN));
        assertThat(task.kept()).isEqualTo(2);
        task.seconds(4);

        assertThat(said(RUN, "run.cancel.requested")).isEqualTo(1);
    }

    /** They are decided in their order, some at a time; what comes meanwhile stands at the end. */
    @Test
    void asManyAsComeAreKept() {
        spoilAll();
        ProducerRecord<byte[], byte[]> nothing =
                Records.command(CHAT, new RunCommand.CancelTurn(HostileStory.turn(4), Optional.empty()));
        IntStream.range(0, MORE_THAN_A_RUN_HOLDS).forEach(_ -> task.give(nothing));
        task.give(close());
        task.seconds(3);
        assertThat(task.kept()).isBetween(1L, MORE_THAN_A_RUN_HOLDS + 0L);
        task.give(HostileStory.submit(2));
        task.seconds(1);
        task.dieAndGoOn();
        task.give(HostileStory.submit(3));
        task.seconds(15);

        assertThat(said(CHAT, "run.close.requested")).isEqualTo(1);
        assertThat(said(CHAT, "turn.submitted")).as("none after the closing").isEqualTo(1);
        assertThat(task.kept()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRunWhoseStagesSayTooMuchMeanwhileLosesNoCommand(boolean before) {
        spoilAll();
        task.seconds(2);
        if (before) {
            task.give(Records.cancel(RUN));
        }
        for (int i = 0; i < MORE_THAN_A_RUN_HOLDS; i++) {
            task.give(Records.of(RUN, 1, 1, 2 + i, "a", (BuildFact) new StageFact.Heartbeat()));
        }
        if (!before) {
            task.give(Records.cancel(RUN));
        }
        task.seconds(1);
        assertThat(said(RUN, "run.cancel.requested")).isZero();
        task.seconds(A_LOOK);

        assertThat(said(RUN, "run.cancel.requested")).isEqualTo(1);
        assertThat(task.kept()).isZero();
    }

    @Test
    void runsThatWaitForTheirTurnToBeMadeLoseNoCommand() {
        List<RunId> runs = IntStream.range(0, MORE_THAN_ARE_HELD_AT_ONCE)
                .mapToObj(it -> new RunId("r-many-" + it))
                .toList();
        runs.forEach(it -> task.give(Records.create(it, 1, Limits.DEFAULT)));
        task.seconds(1);
        runs.forEach(task::forget);
        task.restart();
        task.seconds(2);
        runs.forEach(it -> task.give(Records.cancel(it)));
        task.dieAndGoOn();
        task.seconds(8);

        assertThat(runs)
                .allSatisfy(it -> assertThat(said(it, "run.cancel.requested")).isEqualTo(1));
    }

    @Test
    void whatIsWantedOfARunThatIsLostIsKeptAsLongAsTheLogHasIt() {
        task.log.of(Topic.RUN_EVENTS).removeFirst();
        spoilAll();
        task.give(Records.cancel(RUN));
        task.give(Records.cancel(LONGER));
        task.seconds(A_LOOK);
        task.dieAndGoOn();
        task.seconds(A_LOOK);
        assertThat(task.gauge("lost.runs")).isEqualTo(1);
        assertThat(said(LONGER, "run.cancel.requested")).isEqualTo(1);
        task.sweepAfter(Duration.ofDays(29));
        assertThat(task.kept()).isEqualTo(1);
        task.sweepAfter(Duration.ofDays(2));

        assertThat(task.kept()).isZero();
    }

    @Test
    void whatIsWantedOfARunWhoseViewIsRemovedHoldsNobodyUp() {
        task.removeView(RUN);
        spoilAll();
        task.give(Records.cancel(RUN));
        task.give(Records.cancel(LONGER));
        task.seconds(A_LOOK);

        assertThat(said(LONGER, "run.cancel.requested")).isEqualTo(1);
        assertThat(task.kept()).isEqualTo(1);
        task.sweepAfter(Duration.ofDays(31));
        assertThat(task.kept()).isZero();
    }

    @Test
    void whatIsWantedOfARunThatHasEndedIsOver() {
        List<byte[]> open = task.stored(RUN);
        task.give(Records.of(RUN, 1, 1, 2, "a", Records.completed(Outcome.SUCCEEDED)));
        task.seconds(A_LOOK);
        task.goBack(RUN, open);
        task.spoil(RUN);
        task.restart();
        task.give(Records.cancel(RUN));
        task.dieAndGoOn();
        assertThat(task.kept()).isEqualTo(1);
        task.seconds(4);

        assertThat(task.kept()).isZero();
        assertThat(task.gauge("unreadable.states")).isZero();
        assertThat(said(RUN, "run.cancel.requested")).isZero();
    }

    private void spoilAll() {
        List.of(RUN, LONGER, CHAT).forEach(task::spoil);
        task.restart();
    }

    private static ProducerRecord<byte[], byte[]> close() {
        return Records.command(CHAT, new RunCommand.CloseRun(Optional.empty()));
    }

    private long said(RunId run, String type) {
        return task.records(Topic.RUN_EVENTS).stream()
                .filter(it -> it.run().equals(run) && it.headers().type().equals(type))
                .count();
    }
}
