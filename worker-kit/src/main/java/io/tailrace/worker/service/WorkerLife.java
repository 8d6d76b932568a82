package io.tailrace.worker.service;

import io.tailrace.worker.queue.Worker;
import io.tailrace.worker.queue.WorkerState;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * The worker's life in its process: it starts after the HTTP server and stops before it; says READY once; and ends the process when it
 * could not start, or has failed since: what starts it again does better than a process that stands still.
 */
public final class WorkerLife implements SmartLifecycle, ApplicationListener<WebServerInitializedEvent> {

    /** The next process would end too, as far as this one knows. */
    private static final int COULD_NOT_START = 2;

    /** The next process can work. */
    private static final int HAS_FAILED = 3;

    private final Worker<?, ?> worker;
    private final String kind;
    private final Runnable atStart;
    private final ServerProperties server;
    private final ConfigurableApplicationContext context;
    private final IntConsumer exit;
    private final AtomicBoolean wasReady = new AtomicBoolean();
    private volatile boolean running;
    private volatile int port;

    /**
     * A life that has not begun.
     *
     * @param kind what the process calls itself
     * @param atStart done once beside the worker's start, on a thread of its own
     */
    public WorkerLife(
            Worker<?, ?> worker,
            String kind,
            Runnable atStart,
            ServerProperties server,
            ConfigurableApplicationContext context) {
        this(worker, kind, atStart, server, context, System::exit);
    }

    WorkerLife(
            Worker<?, ?> worker,
            String kind,
            Runnable atStart,
            ServerProperties server,
            ConfigurableApplicationContext context,
            IntConsumer exit) {
        this.worker = worker;
        this.kind = kind;
        this.atStart = atStart;
        this.server = server;
        this.context = context;
        this.exit = exit;
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        port = event.getWebServer().getPort();
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
                if (wasReady.compareAndSet(false, true)) {
                    sayReady();
                }
            }
            case WorkerState.Failed _ -> {
                int code = wasReady.get() ? HAS_FAILED : COULD_NOT_START;
                // On a thread of its own: the exit waits for the worker's.
                Thread.ofPlatform()
                        .name("fatal-exit")
                        .start(() -> exit.accept(SpringApplication.exit(context, () -> code)));
            }
            case WorkerState.Starting _, WorkerState.Rejoining _, WorkerState.Stopping _ -> {}
        }
    }

    @SuppressWarnings("SystemOut") // the promise is a line on standard output, whatever the log's format is
    private void sayReady() {
        InetAddress address = server.getAddress();
        String host = address == null || address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        System.out.println("READY " + kind + " http://" + host + ":" + port);
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
