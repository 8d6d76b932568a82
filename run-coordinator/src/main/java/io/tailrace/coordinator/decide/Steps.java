package io.tailrace.coordinator.decide;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Step;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.run.Pause;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.work.StepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a plan, one after another. Results are not in it: they lie in the log, and here is where.
 *
 * @param results of the steps that have ended and that later ones can refer to, in their order
 * @param paused the turn of the current step, if it was paused and has not ended
 */
@AvroName(namespace = "io.tailrace.coordinator.decide")
public record Steps(List<Step> steps, List<ResultOffset> results, Optional<PausedTurn> paused) implements Program {

    /**
     * Where a result lies.
     *
     * @param step the number of the step that it is of, from 1
     * @param offset of the step's terminal record in its topic
     * @param stage the number of the stage that it is of, where that is not the step's
     */
    public record ResultOffset(int step, long offset, Optional<Integer> stage) {
        StageId stageOf(RunId run) {
            return StageId.of(run, stage.orElse(step));
        }
    }

    public Steps {
        steps = List.copyOf(steps);
        results = List.copyOf(results);
    }

    static Steps of(Plan plan) {
        return new Steps(plan.steps(), List.of(), Optional.empty());
    }

    /** How many there are. */
    int count() {
        return steps.size();
    }

    /** The step of this number, from 1. */
    Step step(int number) {
        return steps.get(number - 1);
    }

    /** Where the results lie that a step uses, each once. Those that are not there are left out. */
    List<StepResult> resultsFor(ActiveStage stage) {
        List<StepResult> found = new ArrayList<>();
        for (String name : step(stage.step()).uses()) {
            of(name).ifPresent(it -> found.add(new StepResult(
                    name,
                    it.stageOf(stage.id().run()),
                    new LogPosition(
                            step(it.step()).kind().events(), stage.chapterFrom().partition(), it.offset()))));
        }
        return found;
    }

    /** A name that the step uses and of which there is no result: plans that were checked have none. */
    Optional<String> missingFor(int number) {
        return step(number).uses().stream().filter(it -> of(it).isEmpty()).findFirst();
    }

    private Optional<ResultOffset> of(String name) {
        return results.stream()
                .filter(it -> step(it.step()).name().equals(Optional.of(name)))
                .findFirst();
    }

    @Override
    public boolean goesOnAfter(int stage) {
        return stage < steps.size();
    }

    @Override
    public boolean hasWallClock() {
        return true;
    }

    /** A build that executes a call of a tool has the run's own limits. */
    @Override
    public Limits limits(ActiveStage stage, Limits ofRun) {
        return building().isPresent() ? ofRun : step(stage.step()).limits(ofRun);
    }

    @Override
    public Steps recorded(ActiveStage stage, long offset, int compacted) {
        Step step = step(stage.step());
        if (!step.hasResult() || step.name().isEmpty()) {
            return this;
        }
        int number = stage.id().number();
        List<ResultOffset> longer = new ArrayList<>(results);
        longer.add(new ResultOffset(
                stage.step(), offset, number == stage.step() ? Optional.empty() : Optional.of(number)));
        return new Steps(steps, longer, paused);
    }

    /** The call of a tool that the open stage executes. */
    Optional<PausedTurn.WaitingCall> building() {
        return paused.flatMap(PausedTurn::isBuilding);
    }

    /** The tools of a step; nothing if it has none. */
    Optional<ToolUse> tools(int number) {
        return step(number) instanceof PromptStep prompt ? prompt.toolUse() : Optional.empty();
    }

    /** The tool that a waiting call is of. There is one: no other calls are let wait. */
    Tool tool(PausedTurn.WaitingCall call) {
        return paused.flatMap(turn -> tools(turn.step()))
                .flatMap(it -> it.named(call.tool()))
                .orElseThrow();
    }

    /** Whether the turn of the open stage can be paused so: for later calls than ever before, all of tools that wait. */
    boolean mayPause(ActiveStage stage, Pause pause) {
        Optional<ToolUse> tools = tools(stage.step());
        return building().isEmpty()
                && tools.isPresent()
                && pause.round() > paused.map(PausedTurn::round).orElse(0)
                && pause.round() <= tools.get().maxRounds()
                && pause.calls().stream()
                        .allMatch(it -> tools.get()
                                .named(it.tool())
                                .filter(Tool::pauses)
                                .isPresent());
    }

    /** A stage was dispatched. */
    Steps requested(RunFact.StageRequested requested) {
        return requested
                .call()
                .map(call -> with(paused.map(it -> it.buildRequested(call.index()))))
                .orElse(this);
    }

    /** The open stage has ended: the turn is paused, a call of a tool is executed, or the step is done. */
    Steps finished(StageId stage, RunFact.StageFinished finished) {
        if (finished.pause().isPresent()) {
            return with(Optional.of(
                    PausedTurn.of(paused, stage, finished, finished.pause().get())));
        }
        return building().isPresent() ? with(paused.map(it -> it.built(stage, finished))) : with(Optional.empty());
    }

    Steps decided(RunFact.ToolApprovalDecided decided) {
        return with(paused.map(it -> it.decided(decided)));
    }

    /** Whether a person is asked whether a tool may be called. */
    boolean isAsking() {
        return !asked().isEmpty();
    }

    /** The calls that a person is asked about. */
    List<PausedTurn.WaitingCall> asked() {
        return paused.flatMap(turn -> tools(turn.step()).map(turn::asked)).orElse(List.of());
    }

    private Steps with(Optional<PausedTurn> next) {
        return new Steps(steps, results, next);
    }
}
