package io.tailrace.worker.service;

import io.tailrace.service.life.OrderlyEnd;
import io.tailrace.service.life.ProcessEnd;
import io.tailrace.service.life.ReadyLine;
import io.tailrace.worker.queue.Worker;
import io.tailrace.worker.queue.WorkerState;
import org.springframework.context.SmartLifecycle;

/**
 * The worker's life in its process: it starts after the HTTP server and stops before it; says that it is ready; and ends the process
 * when it could not start, or has failed since.
 */
public final class WorkerLife implements SmartLifecycle {

    private final Worker<?, ?> worker;
    private final Runnable atStart;
    private final ReadyLine line;
    private final OrderlyEnd process;
    private volatile boolean wasReady;
    private volatile boolean running;

    /**
     * A life that has not begun.
     *
     * @param atStart done once beside the worker's start, on a thread of its own
     */
    public WorkerLife(Worker<?, ?> worker, Runnable atStart, ReadyLine line, OrderlyEnd process) {
        this.worker = worker;
        this.atStart = atStart;
        this.line = line;
        this.process = process;
    }

    @Override
    public void start() {
        running = true;
        worker.onState(this::onState);
        worker.start();
        Thread.ofPlatform().daemon().name("at-start").start(atStart);
    }

    private void onState(WorkerState state) {
        switch (state) {
            case WorkerState.Ready _ -> {
                wasReady = true;
                line.ready();
            }
            case WorkerState.Failed(Throwable cause) ->
                process.end(wasReady ? ProcessEnd.FAILED : ProcessEnd.MISCONFIGURED, "the worker failed: " + cause);
            case WorkerState.Starting _, WorkerState.Rejoining _, WorkerState.Stopping _ -> {}
        }
    }

    @Override
    public void stop() {
        worker.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
