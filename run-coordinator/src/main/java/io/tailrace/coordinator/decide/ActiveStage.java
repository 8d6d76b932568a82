package io.tailrace.coordinator.decide;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.run.RunFact.StageRedispatched;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The stage of a run that is open.
 *
 * @param step which step of the plan it executes, from 1
 * @param chapterFrom nothing of the stage lies before this position
 * @param canceledClock the tick clock when a cancel of this stage was recorded, after which the run goes on
 */
@AvroName(namespace = "io.tailrace.coordinator.decide")
public record ActiveStage(
        StageId id,
        int step,
        LogPosition chapterFrom,
        Dispatch dispatch,
        Holding holding,
        Chapter chapter,
        Optional<Duration> canceledClock) {

    static ActiveStage requested(StageId id, int step, LogPosition chapterFrom, Instant at, Duration clock) {
        return new ActiveStage(
                id, step, chapterFrom, Dispatch.first(at, clock), Holding.NOBODY, Chapter.EMPTY, Optional.empty());
    }

    /** The topic that it is executed in. */
    public Topic topic() {
        return chapterFrom.topic();
    }

    /** Whether a worker holds the attempt that was dispatched last, and has not given it back. */
    public boolean isHeld() {
        return !holding.released() && isClaimed();
    }

    /** Whether the attempt that was dispatched last was claimed. */
    public boolean isClaimed() {
        return holding.fence()
                .holder()
                .filter(it -> it.attempt().compareTo(dispatch.attempt()) >= 0)
                .isPresent();
    }

    /** Who holds the stage, or held it last. */
    public Optional<WorkerId> worker() {
        return holding.fence().holder().map(Fence.Holder::worker);
    }

    /** How long nothing was heard of the worker that holds the stage; zero while nobody does. */
    public Duration silence(Duration clock) {
        return isHeld() ? clock.minus(holding.heardClock()) : Duration.ZERO;
    }

    /** The number of the highest attempt seen or dispatched. */
    int highestAttempt() {
        int held = holding.fence().holder().map(it -> it.attempt().value()).orElse(0);
        return Math.max(held, dispatch.attempt().value());
    }

    ActiveStage counted(Change.Counted record) {
        return new ActiveStage(
                id,
                step,
                chapterFrom,
                dispatch,
                holding.counted(record),
                chapter.counted(record.offset(), record.headers()),
                canceledClock);
    }

    ActiveStage withSpineEvent() {
        return new ActiveStage(id, step, chapterFrom, dispatch, holding, chapter.withSpineEvent(), canceledClock);
    }

    ActiveStage redispatched(StageRedispatched again, Instant at, Duration clock) {
        return new ActiveStage(
                id,
                step,
                chapterFrom,
                dispatch.again(again, at, clock),
                holding,
                chapter.withSpineEvent(),
                canceledClock);
    }

    ActiveStage requestRepeated(Instant at, Duration clock) {
        return new ActiveStage(id, step, chapterFrom, dispatch.repeated(at, clock), holding, chapter, canceledClock);
    }

    ActiveStage moved(LogPosition from) {
        return new ActiveStage(id, step, from, dispatch, holding, chapter, canceledClock);
    }

    /** Whether the log no longer has what had once counted of the stage, so that its holder then is not heard any more. */
    boolean lacks(Fence counted) {
        Fence now = holding.fence();
        if (counted.holder().isEmpty() || now.ended()) {
            return false;
        }
        Fence.Holder before = counted.holder().get();
        return now.holder()
                .map(it -> it.equals(before)
                        ? now.lastSequence() < counted.lastSequence()
                        : it.attempt().compareTo(before.attempt()) < 0)
                .orElse(true);
    }

    ActiveStage canceled(Duration clock) {
        return new ActiveStage(id, step, chapterFrom, dispatch, holding, chapter.withSpineEvent(), Optional.of(clock));
    }
}
