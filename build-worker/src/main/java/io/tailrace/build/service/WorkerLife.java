package io.tailrace.build.service;

import io.tailrace.build.folder.WorkerFolder;
import io.tailrace.worker.queue.Worker;
import io.tailrace.worker.queue.WorkerState;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * The worker's life in its process: it starts after the HTTP server and stops before it; says READY once; and ends the process when it
 * could not start.
 */
final class WorkerLife implements SmartLifecycle, ApplicationListener<WebServerInitializedEvent> {

    private static final Logger log = LoggerFactory.getLogger(WorkerLife.class);
    private static final int EXIT_CODE = 2;

    private final Worker<?, ?> worker;
    private final WorkerFolder folder;
    private final ServerProperties server;
    private final ConfigurableApplicationContext context;
    private final AtomicBoolean wasReady = new AtomicBoolean();
    private volatile boolean running;
    private volatile int port;

    WorkerLife(
            Worker<?, ?> worker, WorkerFolder folder, ServerProperties server, ConfigurableApplicationContext context) {
        this.worker = worker;
        this.folder = folder;
        this.server = server;
        this.context = context;
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
        Thread.ofPlatform().daemon().name("clear-left-behind").start(this::clearLeftBehind);
    }

    private void clearLeftBehind() {
        try {
            int found = folder.clearLeftBehind();
            if (found > 0) {
                log.info("Ended what {} dead workers had left", found);
            }
        } catch (IOException | RuntimeException e) {
            log.error("What dead workers left could not be cleared", e);
        }
    }

    private void onState(WorkerState state) {
        switch (state) {
            case WorkerState.Ready _ -> {
                if (wasReady.compareAndSet(false, true)) {
                    sayReady();
                }
            }
            case WorkerState.Failed _ -> {
                if (!wasReady.get()) {
                    // On a thread of its own: the exit waits for the worker's.
                    Thread.ofPlatform()
                            .name("fatal-exit")
                            .start(() -> System.exit(SpringApplication.exit(context, () -> EXIT_CODE)));
                }
            }
            case WorkerState.Starting _, WorkerState.Stopping _ -> {}
        }
    }

    @SuppressWarnings("SystemOut") // the promise is a line on standard output, whatever the log's format is
    private void sayReady() {
        InetAddress address = server.getAddress();
        String host = address == null || address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        System.out.println("READY build-worker http://" + host + ":" + port);
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
