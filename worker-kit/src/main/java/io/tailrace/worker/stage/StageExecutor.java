package io.tailrace.worker.stage;

import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopSignal;

/**
 * Executes stages. Called by many threads at once, one for each stage; may block.
 *
 * @param <R> what a request asks for
 * @param <F> the facts of the stage's topic
 */
public interface StageExecutor<R, F> {

    /**
     * Executes a stage that this worker holds, and ends its log with {@link AttemptLog#end}; only after a stop for shutdown it returns
     * without that, and the stage is given back. All side effects have ended when it returns or throws.
     *
     * @param stop says when to stop before the work is done
     * @throws AttemptLost when the log takes nothing any more
     */
    void execute(StageRequest<R> request, AttemptLog<F> log, StopSignal stop) throws AttemptLost;
}
