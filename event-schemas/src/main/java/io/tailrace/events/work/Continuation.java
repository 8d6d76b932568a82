package io.tailrace.events.work;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * What a turn that was paused goes on from. What was said before lies in the log, and here is where.
 *
 * @param stages those in which it was paused, in order, at least one; the first one gave the turn its name
 * @param answers what became of the calls that it waited for in the end, in the order of their round
 */
@AvroName(namespace = "io.tailrace.events.work")
public record Continuation(List<PausedStage> stages, List<CallAnswer> answers) {
    /** @throws IllegalArgumentException if there is no stage */
    public Continuation {
        stages = List.copyOf(stages);
        answers = List.copyOf(answers);
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("a turn goes on from a stage before");
        }
    }

    /** A stage in which the turn was paused; its chapter lies in the partition of the request's. */
    public record PausedStage(StageId stage, ChapterRange chapter) {}

    /**
     * What became of a call that waited.
     *
     * @param round from 1
     * @param index among the calls of the round, from 0
     * @param approval what a person said, where one was asked
     * @param reason what a person said, of a call that is not allowed
     * @param build the build that executed it, where it is executed by one and was allowed
     */
    public record CallAnswer(
            int round,
            int index,
            Optional<ApprovalDecision> approval,
            Optional<String> reason,
            Optional<BuildAnswer> build) {}

    /**
     * A build that executed a call.
     *
     * @param from the first record of its chapter
     * @param lastOffset of the last one
     */
    public record BuildAnswer(
            StageId stage,
            LogPosition from,
            long lastOffset,
            Outcome outcome,
            Optional<Integer> exitCode,
            Optional<Failure> failure) {}
}
