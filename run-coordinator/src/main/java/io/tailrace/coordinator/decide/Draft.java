package io.tailrace.coordinator.decide;

import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.events.work.StepResult;
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
        change(new Change.Stated(
                new RunEvent(run, nextId(), stage, sequence, moment.at(), fact), sentClock(state.clockOf(fact))));
    }

    /** What the clock shows that the run goes by. */
    Duration clock() {
        return state.clock().map(moment::lane).map(Lane::clock).orElse(Duration.ZERO);
    }

    /** The clock that waits for an answer to what is decided now begin at. */
    Duration sentClock() {
        return sentClock(state.clock());
    }

    private Duration sentClock(Optional<Topic> topic) {
        return topic.map(moment::lane).map(Lane::sentClock).orElse(Duration.ZERO);
    }

    void change(Change change) {
        state = state.evolve(change);
        changes.add(change);
    }

    /** Sends the request of the stage's dispatched attempt. */
    void request(RunState.Open open) {
        requests.add(
                switch (open.program()) {
                    case Chat chat -> turn(open, chat);
                    case Steps steps -> step(open, steps);
                });
    }

    private static WorkRequest turn(RunState.Open open, Chat chat) {
        PendingTurn turn = chat.conversation().active().orElseThrow();
        return turn(
                open,
                turn.id(),
                new TurnSource.ChatMessage(
                        chat.plan(), turn.command(), chat.conversation().history()));
    }

    private static WorkRequest step(RunState.Open open, Steps steps) {
        ActiveStage stage = open.stage();
        List<StepResult> results = steps.resultsFor(stage);
        return switch (steps.step(stage.step())) {
            case BuildStep build ->
                new BuildRequest(
                        open.brief().run(),
                        stage.id(),
                        stage.dispatch().attempt(),
                        open.brief().workspace(),
                        build,
                        stage.chapterFrom(),
                        stage.dispatch().lastAt(),
                        Optional.of(results));
            case PromptStep prompt -> turn(open, TurnId.of(stage.id()), new TurnSource.PlanPrompt(prompt, results));
        };
    }

    private static TurnRequest turn(RunState.Open open, TurnId turn, TurnSource source) {
        ActiveStage stage = open.stage();
        return TurnRequest.of(
                open.brief().run(),
                stage.id(),
                stage.dispatch().attempt(),
                open.brief().workspace(),
                turn,
                source,
                stage.chapterFrom(),
                stage.dispatch().lastAt());
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
