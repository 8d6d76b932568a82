package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunPlace;
import io.tailrace.events.reading.RunPlaces;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.cursor.Checkpoints;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.cursor.GivenCursor;
import io.tailrace.gateway.cursor.GivenPlaces;
import io.tailrace.gateway.cursor.SubscriptionCursors;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.log.RunFeeds;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.runlog.RunFeed;
import io.tailrace.runlog.RunLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what a request for a stream asks for, if that can be done now. What is wrong with the request is refused; what is
 * our trouble only means 'not yet', because browsers never come back from an error. Thread-safe; blocks, bounded.
 */
final class StreamOpener {
    private static final Logger LOG = LoggerFactory.getLogger(StreamOpener.class);

    private final RunDirectory directory;
    private final RunFeeds feeds;
    private final Cursors cursors;
    private final SubscriptionCursors subscriptions;
    private final Checkpoints checkpoints;
    private final StreamMeters meters;
    private final LogConnection connection;

    StreamOpener(
            RunDirectory directory,
            RunFeeds feeds,
            Cursors cursors,
            SubscriptionCursors subscriptions,
            Checkpoints checkpoints,
            StreamMeters meters,
            LogConnection connection) {
        this.directory = directory;
        this.feeds = feeds;
        this.cursors = cursors;
        this.subscriptions = subscriptions;
        this.checkpoints = checkpoints;
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
        return unlessInTrouble(asked.run(), () -> open(asked, cursor(asked), atMost));
    }

    /** The same, where it is known already what the client's cursor says; what the request says of it does not count. */
    Optional<RunFeed> openAfter(StreamRequest asked, Optional<GivenCursor> cursor, Duration atMost)
            throws InterruptedException {
        return unlessInTrouble(asked.run(), () -> open(asked, cursor, atMost));
    }

    private Optional<RunFeed> open(StreamRequest asked, Optional<GivenCursor> cursor, Duration atMost)
            throws InterruptedException {
        cursors.requireKey();
        if (connection.unreachable().isPresent()) {
            // Thousands who wait for the brokers would only wait for each other's time-outs.
            directory.await(asked.run(), Duration.ZERO).ifPresent(asked.admission()::check);
            return Optional.empty();
        }
        Optional<RunView> found = admitted(asked, atMost);
        return found.isPresent() ? Optional.of(open(found.get(), cursor, asked.fromNow())) : Optional.empty();
    }

    /**
     * What a client of several runs has of each; empty while it cannot be told.
     *
     * @throws RunProblem as {@link Cursors#given(String, List, List)}
     */
    Optional<GivenRuns> given(RunsRequest asked) throws InterruptedException {
        return unlessInTrouble(asked.runs().getFirst(), () -> {
            cursors.requireKey();
            try {
                return Optional.of(asked.isSubscription() ? ofSubscription(asked) : ofSeveral(asked));
            } catch (RunProblem e) {
                throw counted(e);
            }
        });
    }

    private GivenRuns ofSeveral(RunsRequest asked) throws InterruptedException {
        Map<RunId, GivenCursor> given = cursors.given(asked.field(), asked.runs(), asked.last());
        RunPlaces places = new RunPlaces();
        asked.runs().forEach(run -> {
            GivenCursor cursor = given.get(run);
            if (cursor != null) {
                places.put(run, new RunPlace(cursor.cursor(), cursor.sealed()));
            }
        });
        return new GivenRuns(given, Set.of(), new PlacesInToken(places, cursors));
    }

    private GivenRuns ofSubscription(RunsRequest asked) throws InterruptedException {
        GivenPlaces given = subscriptions.given(asked.field(), asked.runs(), asked.last());
        if (given.lost()) {
            meters.opened("checkpoint_lost");
        }
        return new GivenRuns(
                given.cursors(),
                given.over(),
                new PlacesInLog(given.places(), subscriptions, checkpoints, meters, System::nanoTime));
    }

    /**
     * A feed of a run from its beginning to what there is now, which the caller closes; empty while it cannot be had.
     *
     * @throws RunProblem if there is no such run any more
     */
    Optional<RunFeed> past(StreamRequest asked) throws InterruptedException {
        return unlessInTrouble(asked.run(), () -> {
            RunView found = directory.require(asked.run());
            return Optional.of(feeds.fromBeginning(found, RunLog.Until.NOW));
        });
    }

    /**
     * Refuses what {@link #open} would refuse for certain, without opening anything.
     *
     * @throws RunProblem as {@link #open}
     */
    void check(StreamRequest asked, Duration atMost) throws InterruptedException {
        Optional<RunView> _ = unlessInTrouble(asked.run(), () -> {
            Optional<GivenCursor> _ = cursor(asked);
            return admitted(asked, atMost);
        });
    }

    private static <T> Optional<T> unlessInTrouble(RunId run, Question<T> question) throws InterruptedException {
        try {
            return question.ask();
        } catch (RunProblem e) {
            if (e.status() != 503) {
                throw e;
            }
            LOG.debug("The stream of {} has to wait: {}", run, e.code(), e);
            return Optional.empty();
        }
    }

    /**
     * Refuses what would be refused for certain of several runs, without opening anything. Once one cannot be told, the
     * others are not asked for: they would wait as long.
     *
     * @throws RunProblem as {@link #open}
     */
    void check(RunsRequest asked, Duration atMost) throws InterruptedException {
        if (given(asked).isEmpty()) {
            return;
        }
        for (RunId run : asked.runs()) {
            StreamRequest one = asked.of(run);
            try {
                if (unlessInTrouble(run, () -> admitted(one, atMost)).isEmpty()) {
                    return;
                }
            } catch (RunProblem e) {
                if (!asked.goesOnWithout(e)) {
                    throw e;
                }
            }
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
            throw counted(e);
        }
    }

    private RunProblem counted(RunProblem refused) {
        if (refused.status() != 503) {
            meters.opened("refused");
        }
        return refused;
    }

    private RunFeed open(RunView found, Optional<GivenCursor> given, boolean fromNow) throws InterruptedException {
        if (given.isPresent()) {
            return after(found, given.get());
        }
        RunFeed feed = fromNow
                ? feeds.fromNow(found, RunLog.Until.END_OF_RUN)
                : feeds.fromBeginning(found, RunLog.Until.END_OF_RUN);
        meters.opened(fromNow ? "now" : "beginning");
        return feed;
    }

    private RunFeed after(RunView found, GivenCursor cursor) throws InterruptedException {
        try {
            RunFeed feed = feeds.after(found, cursor, RunLog.Until.END_OF_RUN);
            meters.opened(cursor.sealed() ? "resumed" : "unproven");
            return feed;
        } catch (RunProblem e) {
            if (e.status() != 503) {
                meters.opened(e.code().equals(RunProblem.FOREIGN_CURSOR) ? "foreign" : "malformed");
            }
            throw e;
        }
    }
}
