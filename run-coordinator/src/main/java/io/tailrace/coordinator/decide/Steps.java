package io.tailrace.coordinator.decide;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.Step;
import io.tailrace.events.work.StepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a plan, one after another. Results are not in it: they lie in the log, and here is where.
 *
 * @param results of the steps that have ended and that later ones can refer to, in their order
 */
@AvroName(namespace = "io.tailrace.coordinator.decide")
public record Steps(List<Step> steps, List<ResultOffset> results) implements Program {

    /**
     * Where a result lies.
     *
     * @param step the number of the step that it is of, from 1
     * @param offset of the step's terminal record in its topic
     */
    public record ResultOffset(int step, long offset) {}

    public Steps {
        steps = List.copyOf(steps);
        results = List.copyOf(results);
    }

    static Steps of(Plan plan) {
        return new Steps(plan.steps(), List.of());
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
                    StageId.of(stage.id().run(), it.step()),
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

    @Override
    public Limits limits(int stage, Limits ofRun) {
        return step(stage).limits(ofRun);
    }

    @Override
    public Steps recorded(int stage, long offset, int compacted) {
        if (!step(stage).hasResult() || step(stage).name().isEmpty()) {
            return this;
        }
        List<ResultOffset> longer = new ArrayList<>(results);
        longer.add(new ResultOffset(stage, offset));
        return new Steps(steps, longer);
    }
}
