package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.gateway.view.JsonBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A run whose stream a client waits for, while it is not decided whether there is one. Confined to the connection's
 * (virtual) thread.
 */
final class UndecidedRun {
    /** How soon a gateway that shuts down is noticed. */
    private static final Duration SLICE = Duration.ofMillis(250);

    private static final Duration CHECK_WITHIN = Duration.ofSeconds(1);

    private final RunId run;
    private final RunDirectory directory;
    private final StreamSettings settings;
    private final BooleanSupplier draining;

    UndecidedRun(RunId run, RunDirectory directory, StreamSettings settings, BooleanSupplier draining) {
        this.run = run;
        this.directory = directory;
        this.settings = settings;
        this.draining = draining;
    }

    /**
     * Waits, with heartbeats.
     *
     * @param age how long the stream may be open
     * @return the run; empty if the client has to come again: there is none after all, or the time is up
     * @throws IOException if the client is gone
     */
    Optional<RunView> await(OutputStream out, Duration age) throws IOException, InterruptedException {
        long until = System.nanoTime() + age.toNanos();
        while (!draining.getAsBoolean() && System.nanoTime() < until) {
            out.write(SseFrame.heartbeat());
            out.flush();
            Optional<RunView> seen = awaitAppearance();
            if (seen.isPresent()) {
                return seen;
            }
            if (isUnknown()) {
                break;
            }
        }
        JsonBytes frame = new JsonBytes(64);
        SseFrame.retry(frame, RunStream.SHORT_RETRY.toMillis());
        out.write(frame.toBytes());
        out.flush();
        return Optional.empty();
    }

    private Optional<RunView> awaitAppearance() throws InterruptedException {
        long next = System.nanoTime() + settings.heartbeat().toNanos();
        Optional<RunView> seen = Optional.empty();
        while (seen.isEmpty() && !draining.getAsBoolean() && System.nanoTime() < next) {
            seen = directory.await(run, SLICE);
        }
        return seen;
    }

    /** Whether it is certain by now that there is no such run. A log that does not say is waited for. */
    private boolean isUnknown() throws InterruptedException {
        try {
            var _ = directory.findDecided(run, CHECK_WITHIN);
            return false;
        } catch (RunProblem e) {
            return e.status() == 404;
        }
    }
}
