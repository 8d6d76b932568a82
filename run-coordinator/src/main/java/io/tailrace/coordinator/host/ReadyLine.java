package io.tailrace.coordinator.host;

import java.util.OptionalInt;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Says once on stdout that the process is ready to work, and where its health can be asked for: when it listens and its
 * topology runs, whichever comes last. Thread-safe.
 */
final class ReadyLine implements ApplicationListener<WebServerInitializedEvent> {
    private final String host;
    private OptionalInt port = OptionalInt.empty();
    private boolean topologyRuns;

    ReadyLine(String host) {
        this.host = host;
    }

    @Override
    public synchronized void onApplicationEvent(WebServerInitializedEvent event) {
        port = OptionalInt.of(event.getWebServer().getPort());
        sayIfReady();
    }

    synchronized void topologyRuns() {
        topologyRuns = true;
        sayIfReady();
    }

    private void sayIfReady() {
        if (topologyRuns && port.isPresent()) {
            System.out.println("READY run-coordinator http://" + host + ":" + port.getAsInt());
        }
    }
}
