package io.tailrace.worker.queue;

import io.tailrace.events.run.Failure;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.AttemptWriter;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.board.StageBoard;
import io.tailrace.worker.claim.LookBack;
import io.tailrace.worker.position.PositionReader.Found;
import io.tailrace.worker.queue.Claims.Claimed;
import io.tailrace.worker.stage.StageCodec;
import io.tailrace.worker.stage.StageExecutor;
import io.tailrace.worker.stage.StageRequest;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stage that this worker has claimed, from its claim to its end, on a thread of its own. */
final class StageTask<R, F> {

    private static final Logger log = LoggerFactory.getLogger(StageTask.class);

    /** Given back with this reason, a stage is given to one more worker, and to no third. */
    private static final String WORKER_FAULT = "worker_fault";

    private static final String TWO_FAULTS =
            "Two workers took the stage, and each failed by a fault of its own while it executed it. Their logs say why. "
                    + "What is asked for may be more than a worker can hold: change it, or tell the operator.";

    private final StageCodec<R, F> stages;
    private final StageExecutor<R, F> executor;
    private final StageRequest<R> request;
    private final Claimed<F> claimed;
    private final LookBack lookBack;
    private final AttemptWriter<F> writer;
    private final StopSignal stop;
    private final StageBoard board;
    private final WorkerMetrics metrics;
    private final AttemptTrace trace;

    /** Confined to the stage's thread, as the next one. */
    private boolean begun;

    private boolean faultBefore;

    StageTask(
            StageCodec<R, F> stages,
            StageExecutor<R, F> executor,
            StageRequest<R> request,
            Claimed<F> claimed,
            LookBack lookBack,
            StopSignal stop,
            StageBoard board,
            WorkerMetrics metrics) {
        this.stages = stages;
        this.executor = executor;
        this.request = request;
        this.claimed = claimed;
        this.lookBack = lookBack;
        this.writer = claimed.writer();
        this.trace = claimed.trace();
        this.stop = stop;
        this.board = board;
        this.metrics = metrics;
    }

    /**
     * Executes the stage if the claim made this worker the holder. Nothing begins before that is known; heartbeats are sent meanwhile.
     * Blocks until the stage is over and all its side effects have ended.
     */
    void execute() {
        try (StageBoard.Watch _ = board.watch(writer.id(), stop)) {
            switch (lookBack.standing(claimed.claim(), this::needNotBegin, this::sawRelease)) {
                case HOLDS -> trace.during(this::executeHeld);
                case VOID -> {
                    metrics.beaten();
                    trace.beaten();
                    log.info("{} is not this worker's: its claim is void", writer.id());
                }
                case UNKNOWN -> giveBack();
            }
        } catch (AttemptLost e) {
            metrics.lost();
            trace.lost(e);
            log.warn("{} is no longer this worker's: {}", writer.id(), e.getMessage());
        } catch (RuntimeException | Error e) {
            metrics.failed();
            trace.fault(e);
            afterFault(e);
        } finally {
            writer.close("is over");
            trace.close();
        }
    }

    /** A stage that was canceled is begun: its executor ends it. */
    private boolean needNotBegin() {
        return stop.reason().filter(it -> it != StopReason.CANCELED).isPresent();
    }

    private void executeHeld() throws AttemptLost {
        metrics.held();
        begun = true;
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
        writer.appendAndAwait(stages.released(reason));
        trace.givenBack(reason);
        metrics.released();
    }

    private void sawRelease(Found record) {
        faultBefore |= stages.releaseReason(record.value()).equals(Optional.of(WORKER_FAULT));
    }

    /**
     * Another worker may do better, once: what ends two of them is in the stage. Trouble of the log, and what happens while this worker
     * shuts down, is nobody's fault and counts for nothing.
     */
    private void afterFault(Throwable fault) {
        log.error("{} failed by a fault of this worker", writer.id(), fault);
        try {
            if (!begun || WorkerClients.isTroubleOfTheLog(fault)) {
                giveBack("log_unreadable");
            } else if (stop.reason().isPresent()) {
                giveBack();
            } else if (faultBefore) {
                writer.end(stages.failed(request.work(), Failure.of(WORKER_FAULT, TWO_FAULTS)));
            } else {
                giveBack(WORKER_FAULT);
            }
        } catch (AttemptLost e) {
            log.debug("{} need not be given back", writer.id(), e);
        } catch (RuntimeException | Error e) {
            log.error("{} could not be given back; its silence will tell", writer.id(), e);
        }
    }

    void stop(StopReason reason) {
        stop.stop(reason);
    }

    void heartbeat(Duration silence) {
        writer.heartbeat(silence, stages::heartbeat);
    }
}
