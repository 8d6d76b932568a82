package io.tailrace.gateway.stream;

import io.tailrace.events.run.RunView;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.cursor.GivenCursor;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.runlog.CursorRefused;
import io.tailrace.runlog.LogUnreadable;
import io.tailrace.runlog.RunFeed;
import io.tailrace.runlog.RunLocation;
import io.tailrace.runlog.RunLog;
import io.tailrace.runlog.Start;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what a request for a stream asks for, if that can be done now. What is wrong with the request is refused; what is
 * our trouble only means 'not yet', because browsers never come back from an error. Thread-safe; blocks, bounded.
 */
final class StreamOpener {
    private static final Logger LOG = LoggerFactory.getLogger(StreamOpener.class);

    private final RunDirectory directory;
    private final RunLog runs;
    private final Cursors cursors;
    private final StreamMeters meters;
    private final LogConnection connection;

    StreamOpener(RunDirectory directory, RunLog runs, Cursors cursors, StreamMeters meters, LogConnection connection) {
        this.directory = directory;
        this.runs = runs;
        this.cursors = cursors;
        this.meters = meters;
        this.connection = connection;
    }

    /** Something that needs the log. */
    @FunctionalInterface
    private interface Question<T> {
        Optional<T> ask() throws InterruptedException;
    }

    /**
     * The stream's feed, which the caller closes; empty while it cannot be had: the run is not decided, or the log does not
     * say what there is, or does not give it.
     *
     * @param atMost how long a decision is waited for
     * @throws RunProblem if there is no such run, it is not admitted, or the cursor cannot be used
     */
    Optional<RunFeed> open(StreamRequest asked, Duration atMost) throws InterruptedException {
        return unlessInTrouble(asked, () -> {
            Optional<GivenCursor> cursor = cursor(asked);
            cursors.requireKey();
            if (connection.unreachable().isPresent()) {
                // Thousands who wait for the brokers would only wait for each other's time-outs.
                directory.await(asked.run(), Duration.ZERO).ifPresent(asked.admission()::check);
                return Optional.empty();
            }
            Optional<RunView> found = admitted(asked, atMost);
            return found.isPresent() ? Optional.of(open(found.get(), cursor, asked.fromNow())) : Optional.empty();
        });
    }

    /**
     * A feed of a run from its beginning to what there is now, which the caller closes; empty while it cannot be had.
     *
     * @throws RunProblem if there is no such run any more
     */
    Optional<RunFeed> past(StreamRequest asked) throws InterruptedException {
        return unlessInTrouble(asked, () -> {
            RunView found = directory.require(asked.run());
            try {
                return Optional.of(runs.open(RunLocation.of(found), new Start.FromBeginning(), RunLog.Until.NOW));
            } catch (CursorRefused e) {
                throw new IllegalStateException("there is no cursor to refuse", e);
            } catch (LogUnreadable e) {
                throw RunProblem.logUnreadable(e);
            }
        });
    }

    /**
     * Refuses what {@link #open} would refuse for certain, without opening anything.
     *
     * @throws RunProblem as {@link #open}
     */
    void check(StreamRequest asked, Duration atMost) throws InterruptedException {
        Optional<RunView> _ = unlessInTrouble(asked, () -> {
            Optional<GivenCursor> _ = cursor(asked);
            return admitted(asked, atMost);
        });
    }

    private static <T> Optional<T> unlessInTrouble(StreamRequest asked, Question<T> question)
            throws InterruptedException {
        try {
            return question.ask();
        } catch (RunProblem e) {
            if (e.status() != 503) {
                throw e;
            }
            LOG.debug("The stream of {} has to wait: {}", asked.run(), e.code(), e);
            return Optional.empty();
        }
    }

    private Optional<RunView> admitted(StreamRequest asked, Duration atMost) throws InterruptedException {
        Optional<RunView> found = directory.findDecided(asked.run(), atMost);
        found.ifPresent(asked.admission()::check);
        return found;
    }

    private Optional<GivenCursor> cursor(StreamRequest asked) throws InterruptedException {
        if (asked.last().isEmpty()) {
            return Optional.empty();
        }
        LastEventId last = asked.last().get();
        try {
            return Optional.of(cursors.given(last.field(), asked.run(), last.text()));
        } catch (RunProblem e) {
            if (e.status() != 503) {
                meters.opened("refused");
            }
            throw e;
        }
    }

    private RunFeed open(RunView found, Optional<GivenCursor> given, boolean fromNow) throws InterruptedException {
        String field = given.map(GivenCursor::field).orElse(LastEventId.HEADER);
        Start start =
                given.map(GivenCursor::start).orElseGet(() -> fromNow ? new Start.Now() : new Start.FromBeginning());
        try {
            RunFeed feed = runs.open(RunLocation.of(found), start, RunLog.Until.END_OF_RUN);
            meters.opened(
                    switch (start) {
                        case Start.After _ -> "resumed";
                        case Start.Unproven _ -> "unproven";
                        case Start.Now _ -> "now";
                        case Start.FromBeginning _ -> "beginning";
                    });
            return feed;
        } catch (CursorRefused e) {
            meters.opened(e.isForeign() ? "foreign" : "malformed");
            throw RunProblem.cursorRefused(field, e);
        } catch (LogUnreadable e) {
            throw RunProblem.logUnreadable(e);
        }
    }
}
