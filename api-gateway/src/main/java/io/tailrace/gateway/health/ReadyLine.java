package io.tailrace.gateway.health;

import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.runs.RunDirectory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/** Tells whoever started the process, by one line on its standard output, that it can be used now, and where. */
final class ReadyLine implements ApplicationListener<WebServerInitializedEvent>, AutoCloseable {
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final LogConnection connection;
    private final RunDirectory directory;
    private final String host;
    private volatile @Nullable Thread waiting;

    ReadyLine(LogConnection connection, RunDirectory directory, String host) {
        this.connection = connection;
        this.directory = directory;
        this.host = host;
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        int port = event.getWebServer().getPort();
        waiting = Thread.ofVirtual().name("ready-line").start(() -> await(port));
    }

    @SuppressWarnings("SystemOut") // the promise is a line on standard output, whatever the log's format is
    private void await(int port) {
        try {
            while (connection.awaitEpoch(AGAIN).isEmpty() || !directory.awaitLoaded(AGAIN)) {
                // Both say in the log what they wait for.
            }
            System.out.println("READY api-gateway http://" + host + ":" + port);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it still waits for the moment to say it. */
    boolean isWaiting() {
        Thread thread = waiting;
        return thread != null && thread.isAlive();
    }

    /** A process that ends before it was ready says nothing, and waits for nothing any more. */
    @Override
    public void close() {
        Thread thread = waiting;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
