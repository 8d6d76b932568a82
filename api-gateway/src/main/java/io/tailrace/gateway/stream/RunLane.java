package io.tailrace.gateway.stream;

import io.tailrace.gateway.cursor.GivenCursor;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.RunFeed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One run of a stream of several: opens it, and writes what it gets when it is its turn. Each has a virtual thread, so that
 * a run whose log has to be read at length holds up no other. It holds a batch at a time. Confined to that thread, but for
 * {@link #opening}.
 */
final class RunLane {
    private static final Duration FIRST_TRY = Duration.ofSeconds(1);

    private final StreamRequest asked;
    private final Optional<GivenCursor> given;
    private final RunsConnection connection;
    private final StreamContext context;
    private final long bytesAtOnce;
    private final CompletableFuture<Opening> opening = new CompletableFuture<>();

    /** What became of a run when it was opened. */
    enum Opening {
        READY,
        /** It has ended, and the client has all of it. */
        OVER,
        /** It cannot be had yet: the log does not give it, or it is not decided. */
        LATER
    }

    RunLane(
            StreamRequest asked,
            Optional<GivenCursor> given,
            RunsConnection connection,
            StreamContext context,
            long bytesAtOnce) {
        this.asked = asked;
        this.given = given;
        this.connection = connection;
        this.context = context;
        this.bytesAtOnce = bytesAtOnce;
    }

    /** Completed as soon as it is known; with a {@link RunProblem} if the run is refused. */
    CompletableFuture<Opening> opening() {
        return opening;
    }

    /** Opens the run and streams it, to its end or until the connection ends. */
    void run() {
        try {
            if (opened()) {
                connection.runIsOver(asked.run());
            }
        } catch (SharedOutput.Ended _) {
            opening.complete(Opening.LATER);
        } catch (Throwable e) {
            opening.completeExceptionally(e);
            connection.failed(e);
        } finally {
            connection.left();
        }
    }

    /** Returns whether the client has all of the run. */
    private boolean opened() throws IOException, InterruptedException {
        Optional<RunFeed> first;
        try {
            first = context.opener().openAfter(asked, given, FIRST_TRY);
        } catch (RunProblem refused) {
            if (connection.goesOnWithout(asked.run(), refused)) {
                opening.complete(Opening.OVER);
                return true;
            }
            throw refused;
        }
        if (first.isPresent()) {
            return streamed(first.get());
        }
        opening.complete(Opening.LATER);
        if (connection.awaitBegin().isEmpty()) {
            return false;
        }
        HeldStream held = new HeldStream(
                asked.run(),
                it -> context.opener().openAfter(asked, given, it),
                context.directory(),
                context.settings().heartbeat(),
                connection::isEnding);
        Optional<RunFeed> later = held.await(() -> {}, RunsConnection.FOR_EVER);
        if (later.isEmpty()) {
            // It is refused now, which this answer cannot say any more; or all is ending.
            connection.comeAgain();
            return false;
        }
        return streamed(later.get());
    }

    private boolean streamed(RunFeed opened) throws IOException, InterruptedException {
        try (RunFeed feed = opened) {
            if (given.isEmpty()) {
                connection.begins(asked.run(), feed.cursor());
            }
            opening.complete(feed.isOver() ? Opening.OVER : Opening.READY);
            Optional<SharedOutput> out = connection.awaitBegin();
            if (out.isEmpty()) {
                return false;
            }
            connection.add(feed);
            try {
                return copied(feed, out.get());
            } finally {
                connection.remove(feed);
            }
        }
    }

    private boolean copied(RunFeed feed, SharedOutput out) throws IOException, InterruptedException {
        OneOfSeveral frames = new OneOfSeveral(asked.run(), connection.view());
        DeliveryWriter writer = new DeliveryWriter(frames, out.of(asked.run()), context.meters());
        while (!feed.isOver()) {
            if (connection.isEnding()) {
                return false;
            }
            List<Delivery> next = feed.next(context.settings().heartbeat(), bytesAtOnce);
            boolean live = feed.isLive();
            if (!writer.write(next, connection::isEnding)) {
                return false;
            }
            if (live) {
                writer.sentLive(next);
            }
        }
        return true;
    }
}
