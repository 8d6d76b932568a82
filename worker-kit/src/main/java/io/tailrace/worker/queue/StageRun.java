package io.tailrace.worker.queue;

import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.AttemptWriter;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.board.StageBoard;
import io.tailrace.worker.claim.LookBack;
import io.tailrace.worker.queue.Claims.Claimed;
import io.tailrace.worker.stage.StageExecutor;
import io.tailrace.worker.stage.StageKind;
import io.tailrace.worker.stage.StageRequest;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stage that this worker has claimed, from its claim to its end, on a thread of its own. */
final class StageRun<R, F> {

    private static final Logger log = LoggerFactory.getLogger(StageRun.class);

    private final StageKind<R, F> kind;
    private final StageExecutor<R, F> executor;
    private final StageRequest<R> request;
    private final Claimed<F> claimed;
    private final LookBack lookBack;
    private final AttemptWriter<F> writer;
    private final StopSignal stop;
    private final StageBoard board;
    private final WorkerMetrics metrics;

    StageRun(
            StageKind<R, F> kind,
            StageExecutor<R, F> executor,
            StageRequest<R> request,
            Claimed<F> claimed,
            LookBack lookBack,
            StopSignal stop,
            StageBoard board,
            WorkerMetrics metrics) {
        this.kind = kind;
        this.executor = executor;
        this.request = request;
        this.claimed = claimed;
        this.lookBack = lookBack;
        this.writer = claimed.writer();
        this.stop = stop;
        this.board = board;
        this.metrics = metrics;
    }

    /**
     * Executes the stage if the claim made this worker the holder; before that is known nothing begins, though the claim is kept heard of.
     * Blocks until the stage is over and all its side effects have ended.
     */
    void execute() {
        try (StageBoard.Watch _ = board.watch(writer.id(), stop)) {
            switch (lookBack.standing(claimed.claim(), this::needNotBegin)) {
                case HOLDS -> executeHeld();
                case VOID -> {
                    metrics.beaten();
                    log.info("{} is not this worker's: its claim is void", writer.id());
                }
                case UNKNOWN -> giveBack();
            }
        } catch (AttemptLost e) {
            metrics.lost();
            log.warn("{} is no longer this worker's: {}", writer.id(), e.getMessage());
        } catch (RuntimeException e) {
            metrics.failed();
            log.error("{} failed by a fault of this worker and is given back", writer.id(), e);
            giveBackAfterFault();
        } finally {
            writer.close("is over");
        }
    }

    /** A stage that was canceled is begun: its executor ends it. */
    private boolean needNotBegin() {
        return stop.reason().filter(it -> it != StopReason.CANCELED).isPresent();
    }

    private void executeHeld() throws AttemptLost {
        metrics.held();
        log.info("{} begins", writer.id());
        executor.execute(request, writer, stop);
        if (!writer.isClosed()) {
            giveBack();
        }
        log.info("{} is over", writer.id());
    }

    private void giveBack() throws AttemptLost {
        giveBack(stop.reason().equals(Optional.of(StopReason.SHUTDOWN)) ? "worker_shutdown" : "worker_gave_up");
    }

    private void giveBack(String reason) throws AttemptLost {
        writer.appendAndAwait(kind.released(reason));
        metrics.released();
    }

    private void giveBackAfterFault() {
        try {
            giveBack("worker_fault");
        } catch (AttemptLost e) {
            log.debug("{} need not be given back", writer.id(), e);
        }
    }

    void stop(StopReason reason) {
        stop.stop(reason);
    }

    void heartbeat(Duration silence) {
        writer.heartbeat(silence, kind::heartbeat);
    }
}
