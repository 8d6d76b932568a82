package io.tailrace.coordinator.decide;

import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.events.work.WorkRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A decision in the making. What is stated changes the state at once, so that what comes next builds on it. */
final class Draft {
    private final Moment moment;
    private final List<Change> changes = new ArrayList<>();
    private final List<WorkRequest> requests = new ArrayList<>();
    private final List<Decision.Abort> aborts = new ArrayList<>();
    private RunState state;
    private int ids;

    Draft(RunState state, Moment moment) {
        this.state = state;
        this.moment = moment;
    }

    Moment moment() {
        return moment;
    }

    /** The state as the draft has it so far. */
    RunState state() {
        return state;
    }

    /** States a fact of a run that has a number. */
    void state(RunId run, Optional<StageId> stage, long sequence, RunFact fact) {
        stated(run, stage, Optional.of(sequence), fact);
    }

    /** States a fact about the open stage: readers number it after its chapter, if it counts. */
    void stateMeanwhile(RunState.Open open, RunFact fact) {
        stated(open.brief().run(), Optional.of(open.stage().id()), Optional.empty(), fact);
    }

    /** States a fact about the whole run while a chapter is open. */
    void stateOfRunMeanwhile(RunState.Open open, RunFact fact) {
        stated(open.brief().run(), Optional.empty(), Optional.empty(), fact);
    }

    private void stated(RunId run, Optional<StageId> stage, Optional<Long> sequence, RunFact fact) {
        change(new Change.Stated(new RunEvent(run, nextId(), stage, sequence, moment.at(), fact), clockOf(fact)));
    }

    /** The clock that waits for an answer to this fact begin at. */
    private Duration clockOf(RunFact fact) {
        return switch (fact) {
            case RunFact.RunCreated created ->
                moment.lane(RunBrief.topicOf(created.plan())).sentClock();
            case RunFact.StageRequested requested ->
                moment.lane(requested.chapterFrom().topic()).sentClock();
            case RunFact.RunStarted _,
                    RunFact.StageRedispatched _,
                    RunFact.StageFinished _,
                    RunFact.RunCancelRequested _,
                    RunFact.RunCloseRequested _,
                    RunFact.TurnSubmitted _,
                    RunFact.TurnRejected _,
                    RunFact.TurnCancelRequested _,
                    RunFact.RunProgress _,
                    RunFact.RunCompleted _ -> sentClock();
        };
    }

    /** What the clock shows that the run goes by. */
    Duration clock() {
        return lane().map(Lane::clock).orElse(Duration.ZERO);
    }

    /** The clock that waits for an answer to what is decided now begin at. */
    Duration sentClock() {
        return lane().map(Lane::sentClock).orElse(Duration.ZERO);
    }

    private Optional<Lane> lane() {
        return switch (state) {
            case RunState.Active active -> Optional.of(moment.lane(active.topic()));
            case RunState.BetweenStages between ->
                Optional.of(moment.lane(between.brief().topic()));
            case RunState.Unknown _, RunState.Stopping _, RunState.Completed _ -> Optional.empty();
        };
    }

    void change(Change change) {
        state = state.evolve(change);
        changes.add(change);
    }

    /** Sends the request of the stage's dispatched attempt. */
    void request(RunState.Open open) {
        requests.add(open.conversation().<WorkRequest>map(it -> turn(open, it)).orElseGet(() -> step(open)));
    }

    private static WorkRequest turn(RunState.Open open, Conversation conversation) {
        ActiveStage stage = open.stage();
        RunBrief brief = open.brief();
        PendingTurn turn = conversation.active().orElseThrow();
        return TurnRequest.of(
                brief.run(),
                stage.id(),
                stage.dispatch().attempt(),
                brief.workspace(),
                turn.id(),
                new TurnSource.ChatMessage(brief.plan().chat().orElseThrow(), turn.command(), conversation.history()),
                stage.chapterFrom(),
                stage.dispatch().lastAt());
    }

    private static WorkRequest step(RunState.Open open) {
        ActiveStage stage = open.stage();
        RunBrief brief = open.brief();
        return switch (brief.plan().steps().get(stage.step() - 1)) {
            case BuildStep step ->
                new BuildRequest(
                        brief.run(),
                        stage.id(),
                        stage.dispatch().attempt(),
                        brief.workspace(),
                        step,
                        stage.chapterFrom(),
                        stage.dispatch().lastAt());
            case PromptStep prompt ->
                TurnRequest.of(
                        brief.run(),
                        stage.id(),
                        stage.dispatch().attempt(),
                        brief.workspace(),
                        TurnId.of(stage.id()),
                        new TurnSource.PlanPrompt(prompt, List.of()),
                        stage.chapterFrom(),
                        stage.dispatch().lastAt());
        };
    }

    void abort(ActiveStage stage, ForcedEnd end) {
        aborts.add(new Decision.Abort(nextId(), stage.id(), stage.topic(), end));
    }

    Decision decision() {
        return new Decision(changes, requests, aborts);
    }

    private EventId nextId() {
        return moment.ids().id(ids++);
    }
}
