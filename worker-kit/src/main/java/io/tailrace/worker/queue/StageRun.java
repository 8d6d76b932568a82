package io.tailrace.worker.queue;

import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.AttemptWriter;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.board.StageBoard;
import io.tailrace.worker.stage.StageExecutor;
import io.tailrace.worker.stage.StageKind;
import io.tailrace.worker.stage.StageRequest;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stage that this worker holds, from its claim to its end, on a thread of its own. */
final class StageRun<R, F> {

    private static final Logger log = LoggerFactory.getLogger(StageRun.class);

    private final StageKind<R, F> kind;
    private final StageExecutor<R, F> executor;
    private final StageRequest<R> request;
    private final AttemptWriter<F> writer;
    private final StopSignal stop;
    private final StageBoard board;
    private final WorkerMetrics metrics;

    StageRun(
            StageKind<R, F> kind,
            StageExecutor<R, F> executor,
            StageRequest<R> request,
            AttemptWriter<F> writer,
            StopSignal stop,
            StageBoard board,
            WorkerMetrics metrics) {
        this.kind = kind;
        this.executor = executor;
        this.request = request;
        this.writer = writer;
        this.stop = stop;
        this.board = board;
        this.metrics = metrics;
    }

    /** Executes the stage. Blocks until it is over and all its side effects have ended. */
    void execute() {
        log.info("{} begins", writer.id());
        try (StageBoard.Watch _ = board.watch(writer.id(), stop)) {
            executor.execute(request, writer, stop);
            if (!writer.isClosed()) {
                giveBack(stop.reason().equals(Optional.of(StopReason.SHUTDOWN)) ? "worker_shutdown" : "worker_gave_up");
            }
            log.info("{} is over", writer.id());
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
