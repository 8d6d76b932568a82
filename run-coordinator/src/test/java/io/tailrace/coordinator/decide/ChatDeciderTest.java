package io.tailrace.coordinator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.TurnPolicy;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.Usage;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Journals of chats: given these inputs, expect these facts, requests and forced ends. */
class ChatDeciderTest {
    private final Scene scene = new Scene();

    private Scene chat(TurnPolicy policy) {
        scene.createChat(policy, 2, Limits.DEFAULT).said();
        return scene;
    }

    @Test
    void aNewChatWaitsForATurn() {
        assertThat(scene.createChat(TurnPolicy.REJECT, 2, Limits.DEFAULT).said())
                .containsExactly("run.created #1", "run.started #2");
        assertThat(scene.ticks(100).said()).isEmpty();
        assertThat(scene.state()).isInstanceOf(RunState.Idle.class);
    }

    @Test
    void turnsFollowEachOther() {
        chat(TurnPolicy.REJECT);

        assertThat(scene.submit(1).said())
                .containsExactly("turn.submitted turn-1 #3", "stage.requested 1 #4", "request .1/1 turn-1@1 after []");
        assertThat(scene.claim(1, 1, "a").lines(1, 1, "a", 5).said()).containsExactly("run.progress 1/1");
        assertThat(scene.complete(1, 1, "a", Outcome.SUCCEEDED).said())
                .containsExactly("stage.finished 1 succeeded #12");
        assertThat(scene.submit(2).said())
                .containsExactly(
                        "turn.submitted turn-2 #13", "stage.requested 2 #14", "request .2/1 turn-2@2 after [1002]");
    }

    @ParameterizedTest
    @EnumSource(TurnPolicy.class)
    void aCommandThatComesTwiceIsOneTurn(TurnPolicy policy) {
        chat(policy).submit(1).said();

        assertThat(scene.submit(1).said()).isEmpty();
        assertThat(scene.claim(1, 1, "a").complete(1, 1, "a", Outcome.SUCCEEDED).said())
                .hasSize(2);
        assertThat(scene.submit(1).said()).isEmpty();
    }

    @Test
    void rejectTakesNoTurnWhileOneIsActive() {
        chat(TurnPolicy.REJECT).submit(1).said();

        assertThat(scene.submit(2).said()).containsExactly("turn.rejected turn-2 turn_active");
        assertThat(scene.submit(2).said()).as("the same command again").isEmpty();
        assertThat(scene.claim(1, 1, "a").complete(1, 1, "a", Outcome.SUCCEEDED).said())
                .as("the rejection has the number after the chapter")
                .containsExactly("run.progress 1/1", "stage.finished 1 succeeded #8");
        assertThat(scene.submit(3).said().getFirst()).isEqualTo("turn.submitted turn-3 #9");
    }

    @Test
    void enqueueAnswersInTheOrderOfTheCommands() {
        chat(TurnPolicy.ENQUEUE).submit(1).said();

        assertThat(scene.submit(2).submit(3).submit(4).said())
                .containsExactly("turn.submitted turn-2", "turn.submitted turn-3", "turn.rejected turn-4 queue_full");
        assertThat(scene.claim(1, 1, "a").complete(1, 1, "a", Outcome.FAILED).said())
                .containsExactly(
                        "run.progress 1/1",
                        "stage.finished 1 failed (timeout) #10",
                        "stage.requested 2 #11",
                        "request .2/1 turn-2@2 after [1001]");
        assertThat(scene.claim(2, 1, "a").complete(2, 1, "a", Outcome.SUCCEEDED).said())
                .containsExactly(
                        "run.progress 2/1",
                        "stage.finished 2 succeeded #14",
                        "stage.requested 3 #15",
                        "request .3/1 turn-3@3 after [1001, 1003]");
    }

    @Test
    void interruptCancelsTheActiveTurnAndRejectsWhatWaits() {
        chat(TurnPolicy.INTERRUPT).submit(1).claim(1, 1, "a").said();

        assertThat(scene.submit(2).said()).containsExactly("turn.cancel.requested turn-1", "turn.submitted turn-2");
        assertThat(scene.submit(3).said()).containsExactly("turn.rejected turn-2 interrupted", "turn.submitted turn-3");
        assertThat(scene.complete(1, 1, "a", Outcome.CANCELED).said())
                .containsExactly(
                        "stage.finished 1 canceled #11", "stage.requested 2 #12", "request .2/1 turn-3@3 after [1001]");
    }

    @Test
    void anInterruptedTurnThatNobodyTookEndsAtOnce() {
        chat(TurnPolicy.INTERRUPT).submit(1).said();

        assertThat(scene.submit(2).said())
                .containsExactly("turn.cancel.requested turn-1", "turn.submitted turn-2", "abort canceled_in_queue");
        assertThat(scene.readAborts().said())
                .containsExactly(
                        "stage.finished 1 canceled #8", "stage.requested 2 #9", "request .2/1 turn-2@2 after []");
    }

    @Test
    void aCanceledTurnEndsAndTheChatGoesOn() {
        chat(TurnPolicy.REJECT).submit(1).claim(1, 1, "a").said();

        assertThat(scene.cancelTurn(1).said()).containsExactly("turn.cancel.requested turn-1");
        assertThat(scene.cancelTurn(1).said()).isEmpty();
        assertThat(scene.complete(1, 1, "a", Outcome.CANCELED).said()).containsExactly("stage.finished 1 canceled #8");
        assertThat(scene.submit(2).said().getFirst()).isEqualTo("turn.submitted turn-2 #9");
    }

    @Test
    void aCancelThatNobodyHeedsIsCarriedOutByForce() {
        chat(TurnPolicy.REJECT).submit(1).claim(1, 1, "a").cancelTurn(1).said();
        for (int i = 0; i < 30 && scene.abortsOnTheirWay.isEmpty(); i++) {
            scene.ticks(1).heartbeat(1, 1, "a");
        }

        assertThat(scene.said()).containsExactly("abort cancel_unheeded");
        assertThat(scene.readAborts().said()).hasSize(1).allMatch(it -> it.startsWith("stage.finished 1 canceled"));
        assertThat(scene.state()).isInstanceOf(RunState.Idle.class);
    }

    @Test
    void aTurnThatWaitsIsCanceledWithoutAStage() {
        chat(TurnPolicy.ENQUEUE).submit(1).submit(2).submit(3).said();

        assertThat(scene.cancelTurn(2).said()).containsExactly("turn.rejected turn-2 canceled");
        assertThat(scene.claim(1, 1, "a").complete(1, 1, "a", Outcome.SUCCEEDED).said())
                .last()
                .isEqualTo("request .2/1 turn-3@3 after [1001]");
        assertThat(scene.cancelTurn(1).cancelTurn(2).cancelTurn(99).said()).isEmpty();
    }

    @Test
    void aLostTurnIsDispatchedAgain() {
        chat(TurnPolicy.REJECT)
                .submit(1)
                .ticks(1)
                .claim(1, 1, "a")
                .lines(1, 1, "a", 3)
                .said();

        assertThat(scene.ticks(7).said())
                .containsExactly("stage.redispatched 2 silence", "request .1/2 turn-1@1 after []");
        assertThat(scene.foreignTick().said()).isEmpty();
        assertThat(scene.claim(1, 2, "b").complete(1, 2, "b", Outcome.SUCCEEDED).said())
                .containsExactly("run.progress 1/2", "stage.finished 1 succeeded #12");
    }

    @Test
    void aCompactedHistoryBeginsAnew() {
        chat(TurnPolicy.REJECT);
        for (int turn = 1; turn <= 3; turn++) {
            scene.submit(turn).claim(turn, 1, "a").complete(turn, 1, "a", Outcome.SUCCEEDED);
        }
        scene.submit(4).claim(4, 1, "a").completeCompacted(4, 1, "a", 2).said();

        assertThat(scene.submit(5).said()).last().isEqualTo("request .5/1 turn-5@5 after [1005, 1007]");
    }

    @Test
    void aTurnThatWasAbortedLeavesNothingForLaterOnes() {
        Limits limits = new Limits(Duration.ofHours(1), Duration.ofSeconds(5), Duration.ofHours(1), 3);
        scene.createChat(TurnPolicy.REJECT, 1, limits).ticks(1).submit(1).claim(1, 1, "a");
        scene.ticks(6).readAborts().said();

        assertThat(scene.submit(2).said()).last().isEqualTo("request .2/1 turn-2@2 after []");
    }

    @Test
    void aChatOutlivesTheWallClock() {
        Limits limits = new Limits(Duration.ofSeconds(60), Duration.ofHours(2), Duration.ofHours(1), 3);
        scene.createChat(TurnPolicy.REJECT, 1, limits)
                .ticks(100)
                .submit(1)
                .claim(1, 1, "a")
                .said();

        assertThat(scene.ticks(1).said()).isEmpty();
    }

    @Test
    void aCloseEndsAnIdleChatAtOnce() {
        chat(TurnPolicy.REJECT);

        assertThat(scene.close().said()).containsExactly("run.close.requested #3", "run.completed succeeded #4");
        assertThat(scene.submit(1).close().cancel().said()).isEmpty();
    }

    @Test
    void aCloseWaitsForTheTurnsThatAreThere() {
        chat(TurnPolicy.ENQUEUE).submit(1).submit(2).said();

        assertThat(scene.close().close().said()).containsExactly("run.close.requested");
        assertThat(scene.submit(3).said()).containsExactly("turn.rejected turn-3 closing");
        assertThat(scene.claim(1, 1, "a").complete(1, 1, "a", Outcome.SUCCEEDED).said())
                .last()
                .asString()
                .startsWith("request .2/1 turn-2");
        assertThat(scene.claim(2, 1, "a").complete(2, 1, "a", Outcome.FAILED).said())
                .last()
                .asString()
                .startsWith("run.completed succeeded");
    }

    @Test
    void aCanceledChatRejectsWhatWaitsAndEnds() {
        chat(TurnPolicy.ENQUEUE).submit(1).submit(2).claim(1, 1, "a").said();

        assertThat(scene.cancel().said()).containsExactly("run.cancel.requested", "turn.rejected turn-2 run_canceled");
        assertThat(scene.submit(3).said()).containsExactly("turn.rejected turn-3 run_canceled");
        assertThat(scene.complete(1, 1, "a", Outcome.SUCCEEDED).said())
                .containsExactly("stage.finished 1 succeeded #11", "run.completed canceled #12");
    }

    @Test
    void anIdleChatIsCanceledAtOnce() {
        chat(TurnPolicy.REJECT);

        assertThat(scene.cancel().said()).containsExactly("run.cancel.requested #3", "run.completed canceled #4");
    }

    @Test
    void aChatThatNobodyUsesIsClosed() {
        chat(TurnPolicy.REJECT).ticks(1).submit(1).claim(1, 1, "a").complete(1, 1, "a", Outcome.SUCCEEDED);
        int seconds = Math.toIntExact(Scene.IDLE_TIMEOUT.toSeconds());
        scene.said();

        assertThat(scene.ticks(seconds).said()).isEmpty();
        assertThat(scene.foreignTick().said()).isEmpty();
        assertThat(scene.ticks(1).said()).containsExactly("run.close.requested #8", "run.completed succeeded #9");
    }

    @Test
    void anOutageIsNotIdleness() {
        chat(TurnPolicy.REJECT).ticks(1).said();

        assertThat(scene.tickAfter(Scene.IDLE_TIMEOUT.multipliedBy(3)).said()).isEmpty();
    }

    @Test
    void theUsageOfAllTurnsIsSummedUp() {
        chat(TurnPolicy.REJECT);
        scene.submit(1).claim(1, 1, "a").complete(1, 1, "a", Outcome.SUCCEEDED);
        scene.submit(2).claim(2, 1, "a").complete(2, 1, "a", Outcome.FAILED).close();

        RunFact.RunCompleted completed = (RunFact.RunCompleted) scene.facts.getLast();
        assertThat(completed.usage())
                .contains(new Usage(
                        Optional.of(4L), Optional.empty(), Optional.of(6L), Optional.empty(), Optional.of(10L)));
    }

    @Test
    void usageThatCannotBeDoesNotSpoilTheSum() {
        chat(TurnPolicy.REJECT);
        for (int turn = 1; turn <= 3; turn++) {
            scene.submit(turn)
                    .claim(turn, 1, "a")
                    .completeWith(
                            turn,
                            1,
                            "a",
                            new Usage(
                                    Optional.of(Long.MAX_VALUE),
                                    Optional.of(turn == 2 ? -7L : 1L),
                                    Optional.of(Long.MIN_VALUE),
                                    Optional.empty(),
                                    Optional.of(5L)));
        }
        scene.close();

        RunFact.RunCompleted completed = (RunFact.RunCompleted) scene.facts.getLast();
        assertThat(completed.usage())
                .contains(new Usage(
                        Optional.of(Long.MAX_VALUE),
                        Optional.of(2L),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(15L)));
    }

    @Test
    void aHistoryThatNoWorkerCompactsKeepsItsLastRecords() {
        Conversation talk = Conversation.EMPTY;
        for (int i = 0; i < Conversation.LONGEST_HISTORY + 5; i++) {
            talk = talk.recorded(i, 0);
        }
        assertThat(talk.history()).hasSize(Conversation.LONGEST_HISTORY).startsWith(5L);
        assertThat(talk.recorded(99_999, Integer.MIN_VALUE).history()).hasSize(Conversation.LONGEST_HISTORY);
        assertThat(talk.recorded(99_999, Integer.MAX_VALUE).history()).containsExactly(99_999L);
    }

    @Test
    void aTurnForARunThatIsNoChatIsNothing() {
        scene.create(1).said();

        assertThat(scene.submit(1).cancelTurn(1).close().said()).isEmpty();
    }
}
