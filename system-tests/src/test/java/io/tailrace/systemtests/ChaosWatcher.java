package io.tailrace.systemtests;

import io.tailrace.systemtests.EventStream.Frame;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Somebody who watches a run to its end, whatever becomes of the gateways: a connection that is lost is made again from the
 * last id, at the other gateway. Runs on a thread of its own.
 */
final class ChaosWatcher {
    private static final Duration AGAIN = Duration.ofMillis(300);

    private final String run;
    private final List<Gateway> gateways;
    private final ChaosFindings findings;
    private final List<Frame> seen = new ArrayList<>();
    private final CountDownLatch giveUp;
    private final CountDownLatch over = new CountDownLatch(1);
    private String lastEventId = "";
    private boolean hasEnded;

    private ChaosWatcher(String run, List<Gateway> gateways, ChaosFindings findings, CountDownLatch giveUp) {
        this.run = run;
        this.gateways = gateways;
        this.findings = findings;
        this.giveUp = giveUp;
    }

    /**
     * Begins to watch.
     *
     * @param gateways the first one first
     * @param giveUp open when nobody waits for the end any more
     */
    static ChaosWatcher of(String run, List<Gateway> gateways, ChaosFindings findings, CountDownLatch giveUp) {
        ChaosWatcher watcher = new ChaosWatcher(run, gateways, findings, giveUp);
        Thread.ofVirtual().name("watcher of " + run).start(watcher::watch);
        return watcher;
    }

    private void watch() {
        try {
            for (int attempt = 0; !hasEnded && giveUp.getCount() > 0; attempt++) {
                connect(gateways.get(attempt % gateways.size()));
                if (!hasEnded) {
                    boolean _ = giveUp.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            findings.isWrong("the watcher of " + run + " failed: " + failed);
        } finally {
            over.countDown();
        }
    }

    private void connect(Gateway gateway) throws InterruptedException {
        try (EventStream stream = gateway.resume(run, lastEventId)) {
            findings.count("connections");
            switch (stream.statusCode()) {
                case 200 -> {
                    while (!stream.awaitClosed(AGAIN) && giveUp.getCount() > 0) {
                        // goes on
                    }
                    take(stream);
                }
                case 204 -> hasEnded = true;
                default ->
                    findings.streamRefused("the stream of " + run + " after event " + seen.size(), stream.statusCode());
            }
        } catch (UncheckedIOException away) {
            findings.count("connections refused or cut");
        }
    }

    private synchronized void take(EventStream stream) {
        for (Frame frame : stream.frames()) {
            switch (frame.event()) {
                case "stream.end" -> hasEnded = true;
                case "stream.reset", "stream.gap" ->
                    findings.isWrong("the watcher of " + run + " was told " + frame.event() + " after event "
                            + seen.size() + ": " + frame.data());
                default -> {
                    if (frame.isNumbered()) {
                        seen.add(frame);
                    }
                }
            }
            lastEventId = frame.lastEventId();
        }
    }

    /** Waits for the run's end. */
    boolean awaitEnd(Duration within) throws InterruptedException {
        return over.await(within.toMillis(), TimeUnit.MILLISECONDS) && hasEnded;
    }

    /** How what it saw differs from the log; empty if it does not. */
    synchronized Optional<String> differenceFrom(List<JsonNode> log) {
        for (int i = 0; i < Math.max(log.size(), seen.size()); i++) {
            if (i >= seen.size()) {
                return Optional.of("saw " + seen.size() + " of " + log.size() + " events");
            }
            if (i >= log.size() || !seen.get(i).json().equals(log.get(i))) {
                return Optional.of("saw as event " + (i + 1) + " of " + log.size() + ": "
                        + seen.get(i).data() + ", the log has "
                        + (i < log.size() ? log.get(i).toString() : "none"));
            }
        }
        return Optional.empty();
    }
}
