package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Step;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.RunView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a run is in the log, as far as the catalogue knows. A hint: whoever reads with it makes sure that the log says
 * the same.
 *
 * @param partition the run's partition in all topics that are keyed by run
 * @param firstOffset the offset of its first record in run-events
 * @param latest the last record of run-events that the catalogue knows the sequence of
 * @param ended whether that is the run's last record
 * @param chapters where the chapters that are open or to come are likely to lie, to be watched before they are opened
 */
public record RunLocation(
        RunId run, int partition, long firstOffset, RunView.NumberedSpot latest, boolean ended, Set<Topic> chapters) {
    public RunLocation {
        chapters = Set.copyOf(chapters);
    }

    /** The spot of a run in the catalogue. */
    public static RunLocation of(RunView view) {
        return new RunLocation(
                view.runId(),
                view.partition(),
                view.firstOffset(),
                view.numbered(),
                view.status().isFinal(),
                chapters(view));
    }

    /** By the kinds of the steps that are not behind it, and of their tools; of an open plan, by the kind of all of them. */
    private static Set<Topic> chapters(RunView view) {
        List<Step> steps = view.plan().steps();
        int current = view.stages().isEmpty() ? 1 : view.stages().getLast().step();
        Set<Topic> ahead = steps.stream()
                .skip(Math.max(0, current - 1L))
                .flatMap(RunLocation::kinds)
                .map(StageKind::events)
                .collect(Collectors.toSet());
        return ahead.isEmpty() ? Set.of(view.plan().firstKind().events()) : ahead;
    }

    private static Stream<StageKind> kinds(Step step) {
        boolean builds = step instanceof PromptStep prompt
                && prompt.toolUse().stream()
                        .flatMap(it -> it.tools().stream())
                        .anyMatch(it -> it instanceof Tool.Build);
        return builds ? Stream.of(step.kind(), StageKind.BUILD) : Stream.of(step.kind());
    }

    /** The cursor of the latest record that the catalogue knows. */
    RunCursor latestCursor(long epoch) {
        return new RunCursor(
                epoch,
                partition,
                run.check(),
                latest.offset(),
                Optional.empty(),
                latest.eventIdPrefix(),
                latest.sequence(),
                1);
    }

    /** What is known of the run when the log has become another one: nothing but where to look. */
    RunLocation inAnotherLog() {
        return new RunLocation(run, partition, 0, new RunView.NumberedSpot(0, 0, 0), false, chapters);
    }
}
