package io.tailrace.coordinator.decide;

import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.events.work.StepResult;
import io.tailrace.events.work.ToolBuild;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.events.work.WorkRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A decision in the making. Each emitted event changes the state at once, and the next one builds on that state. */
final class Draft {
    private final InputContext context;
    private final List<Change> changes = new ArrayList<>();
    private final List<WorkRequest> requests = new ArrayList<>();
    private final List<Decision.Abort> aborts = new ArrayList<>();
    private RunState state;
    private int ids;

    Draft(RunState state, InputContext context) {
        this.state = state;
        this.context = context;
    }

    InputContext context() {
        return context;
    }

    /** The state after all changes so far. */
    RunState state() {
        return state;
    }

    /** Emits an event that has a sequence of its own in the run. */
    void emit(RunId run, Optional<StageId> stage, long sequence, RunFact fact) {
        emit(run, stage, Optional.of(sequence), fact);
    }

    /** Emits an event about the open stage. It has no sequence yet: readers number it after the chapter, if it counts. */
    void emitForStage(RunState.Open open, RunFact fact) {
        emit(open.brief().run(), Optional.of(open.stage().id()), Optional.empty(), fact);
    }

    /** Emits an event about the whole run while a chapter is open. It has no sequence yet. */
    void emitForRun(RunState.Open open, RunFact fact) {
        emit(open.brief().run(), Optional.empty(), Optional.empty(), fact);
    }

    private void emit(RunId run, Optional<StageId> stage, Optional<Long> sequence, RunFact fact) {
        change(new Change.Emitted(
                new RunEvent(run, nextId(), stage, sequence, context.at(), fact), sentClock(state.clockOf(fact))));
    }

    /** The time of the run's clock. */
    Duration clock() {
        return state.clock()
                .map(context::snapshot)
                .map(PartitionSnapshot::clock)
                .orElse(Duration.ZERO);
    }

    /** The time at which waits for a reaction to this decision start ({@link PartitionSnapshot#sentClock()}). */
    Duration sentClock() {
        return sentClock(state.clock());
    }

    private Duration sentClock(Optional<Topic> topic) {
        return topic.map(context::snapshot).map(PartitionSnapshot::sentClock).orElse(Duration.ZERO);
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
        Optional<PausedTurn.WaitingCall> call = steps.building();
        if (call.isPresent()) {
            return toolCall(open, steps, call.get());
        }
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
                        Optional.of(results),
                        Optional.empty());
            case PromptStep prompt ->
                turn(
                        open,
                        steps.paused().map(PausedTurn::turn).orElseGet(() -> TurnId.of(stage.id())),
                        new TurnSource.PlanPrompt(
                                prompt,
                                results,
                                steps.paused()
                                        .map(it -> it.continuation(
                                                stage.chapterFrom().partition()))));
        };
    }

    private static WorkRequest toolCall(RunState.Open open, Steps steps, PausedTurn.WaitingCall call) {
        ActiveStage stage = open.stage();
        PausedTurn turn = steps.paused().orElseThrow();
        return switch (steps.tool(call)) {
            case Tool.Build build ->
                new BuildRequest(
                        open.brief().run(),
                        stage.id(),
                        stage.dispatch().attempt(),
                        open.brief().workspace(),
                        build.build(),
                        stage.chapterFrom(),
                        stage.dispatch().lastAt(),
                        Optional.empty(),
                        Optional.of(new ToolBuild(
                                turn.last().stage(),
                                new LogPosition(
                                        steps.step(stage.step()).kind().events(),
                                        stage.chapterFrom().partition(),
                                        turn.last().chapter().lastOffset()),
                                turn.round(),
                                call.index())));
            case Tool.HttpGet _, Tool.RepositorySearch _, Tool.Mcp _ ->
                throw new IllegalStateException("it is executed in the turn: " + call.tool());
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
        return context.ids().id(ids++);
    }
}
