package io.tailrace.worker.board;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.worker.attempt.AttemptId;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the coordinator has said about each run: whether its cancel was asked for, and of each stage the latest attempt, who claimed it,
 * and whether it has ended. Tells which requests are stale, and stops attempts that are canceled or lost. Safe from any thread.
 *
 * <p>A run that has ended is remembered as long as a request may wait in a queue, any other one as long as a run may last.
 */
public final class StageBoard {

    private static final Logger log = LoggerFactory.getLogger(StageBoard.class);

    /** Why a request needs nobody any more. */
    public enum Stale {
        /** The stage or its run has ended. */
        ENDED,
        /** The stage was dispatched again as a later attempt. */
        REDISPATCHED,
        /** Somebody has claimed this attempt already. */
        CLAIMED,
        /** The run, or this stage of it, is to be canceled; the coordinator ends a stage that nobody holds. */
        CANCELED
    }

    private final Duration endedFor;
    private final Duration activeFor;
    private final Map<RunId, Run> runs = new HashMap<>();
    private final Map<StageId, List<Watch>> watches = new HashMap<>();
    private Instant time = Instant.EPOCH;
    private Instant lastForgot = Instant.EPOCH;

    /**
     * An empty board.
     *
     * @param endedFor how long a run that has ended is remembered, in the log's time
     * @param activeFor how long any other is remembered after its last event
     */
    public StageBoard(Duration endedFor, Duration activeFor) {
        this.endedFor = endedFor;
        this.activeFor = activeFor;
    }

    /** The latest time that the log has told; it is that time at least. */
    public synchronized Instant time() {
        return time;
    }

    /** Takes the next lifecycle fact of its partition, and stops the attempts that it concerns, on this thread. */
    public void apply(RunEvent event, Instant loggedAt) {
        List<Runnable> stops = new ArrayList<>();
        synchronized (this) {
            Run run = runs.computeIfAbsent(event.runId(), _ -> new Run());
            run.touchedAt = loggedAt.isAfter(run.touchedAt) ? loggedAt : run.touchedAt;
            switch (event.payload()) {
                case RunFact.RunCancelRequested _ -> run.cancelRequested = true;
                case RunFact.RunCompleted _ -> run.ended = true;
                case RunFact.StageFinished _ ->
                    event.stageId().ifPresent(stage -> run.stage(stage).ended(loggedAt));
                case RunFact.TurnCancelRequested _ ->
                    event.stageId().ifPresent(stage -> run.stage(stage).cancelRequested = true);
                case RunFact.StageRedispatched redispatched ->
                    event.stageId().ifPresent(stage -> run.stage(stage).dispatched(redispatched.attempt()));
                case RunFact.RunProgress progress ->
                    event.stageId().ifPresent(stage -> run.stage(stage).claimed(progress.attempt(), progress.worker()));
                case RunFact.Lifecycle _,
                        RunFact.OfApproval _,
                        RunFact.StageRequested _,
                        RunFact.TurnSubmitted _,
                        RunFact.TurnRejected _,
                        RunFact.RunCloseRequested _ -> {}
            }
            watches.forEach((stage, watching) -> {
                if (stage.run().equals(event.runId())) {
                    watching.forEach(watch ->
                            stopReason(watch.id).ifPresent(reason -> stops.add(() -> watch.stop.stop(reason))));
                }
            });
            time = loggedAt.isAfter(time) ? loggedAt : time;
            forgetNowAndThen(time);
        }
        stops.forEach(StageBoard::runOne);
    }

    /** One attempt that cannot be stopped must not keep the others from learning of their cancel. */
    private static void runOne(Runnable stop) {
        try {
            stop.run();
        } catch (RuntimeException e) {
            log.error("An attempt was not told in full that it has to stop", e);
        }
    }

    /** Why this request needs not be taken by anybody, if the board knows that. */
    public synchronized Optional<Stale> staleness(StageId id, Attempt attempt) {
        return judge(id, attempt, Optional.empty());
    }

    private Optional<Stale> judge(StageId id, Attempt attempt, Optional<WorkerId> holder) {
        Run run = runs.get(id.run());
        if (run == null) {
            return Optional.empty();
        }
        Stage stage = run.stages.getOrDefault(id, Stage.UNKNOWN);
        if (run.ended || stage.endedAt.isPresent()) {
            return Optional.of(Stale.ENDED);
        }
        if (stage.latestAttempt > attempt.value()) {
            return Optional.of(Stale.REDISPATCHED);
        }
        if (stage.claimedAttempt == attempt.value() && !(holder.isPresent() && holder.equals(stage.holder))) {
            return Optional.of(Stale.CLAIMED);
        }
        return run.cancelRequested || stage.cancelRequested ? Optional.of(Stale.CANCELED) : Optional.empty();
    }

    /** Stops this attempt when it has to, at once if it has to already. To be closed when the attempt is over. */
    public Watch watch(AttemptId id, StopSignal stop) {
        Watch watch = new Watch(id, stop);
        Optional<StopReason> already;
        synchronized (this) {
            watches.computeIfAbsent(id.stage(), _ -> new ArrayList<>()).add(watch);
            already = stopReason(id);
        }
        already.ifPresent(stop::stop);
        return watch;
    }

    /** How many runs are remembered. */
    public synchronized int size() {
        return runs.size();
    }

    private Optional<StopReason> stopReason(AttemptId id) {
        return judge(id.stage(), id.attempt(), Optional.of(id.worker())).map(stale -> switch (stale) {
            case ENDED, REDISPATCHED, CLAIMED -> StopReason.LOST;
            case CANCELED -> StopReason.CANCELED;
        });
    }

    private void forgetNowAndThen(Instant now) {
        if (now.isBefore(lastForgot.plus(endedFor.dividedBy(10)))) {
            return;
        }
        lastForgot = now;
        runs.values().removeIf(run -> run.touchedAt.isBefore(now.minus(run.ended ? endedFor : activeFor)));
        // A chat goes on for long and has many stages: what ended is not asked for once no request can be so old.
        runs.values().forEach(run -> run.forgetStagesBefore(now.minus(endedFor)));
    }

    /** An attempt that is being executed. */
    public final class Watch implements AutoCloseable {
        private final AttemptId id;
        private final StopSignal stop;

        private Watch(AttemptId id, StopSignal stop) {
            this.id = id;
            this.stop = stop;
        }

        /** Stops watching. */
        @Override
        public void close() {
            synchronized (StageBoard.this) {
                watches.computeIfPresent(id.stage(), (_, watching) -> {
                    watching.remove(this);
                    return watching.isEmpty() ? null : watching;
                });
            }
        }
    }

    private static final class Run {
        private final Map<StageId, Stage> stages = new HashMap<>(2);
        private Instant touchedAt = Instant.EPOCH;
        private boolean cancelRequested;
        private boolean ended;

        private Stage stage(StageId id) {
            return stages.computeIfAbsent(id, _ -> new Stage());
        }

        private void forgetStagesBefore(Instant moment) {
            stages.values()
                    .removeIf(it ->
                            it.endedAt.filter(ended -> ended.isBefore(moment)).isPresent());
        }
    }

    private static final class Stage {
        private static final Stage UNKNOWN = new Stage();

        private int latestAttempt;
        private int claimedAttempt;
        private Optional<WorkerId> holder = Optional.empty();
        private boolean cancelRequested;
        private Optional<Instant> endedAt = Optional.empty();

        private void ended(Instant at) {
            endedAt = Optional.of(at);
        }

        private void dispatched(Attempt attempt) {
            latestAttempt = Math.max(latestAttempt, attempt.value());
        }

        private void claimed(Attempt attempt, WorkerId worker) {
            dispatched(attempt);
            if (attempt.value() > claimedAttempt) {
                claimedAttempt = attempt.value();
                holder = Optional.of(worker);
            }
        }
    }
}
