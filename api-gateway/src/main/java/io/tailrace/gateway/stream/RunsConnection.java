package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.reading.RunPlace;
import io.tailrace.gateway.cursor.GivenCursor;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.view.MappedView;
import io.tailrace.gateway.view.RunsFrames;
import io.tailrace.runlog.RunFeed;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream of several runs: a {@link RunLane} for each, which write to a {@link SharedOutput}. Used by the
 * connection's thread, which waits, sends heartbeats, and outlives the lanes; what lanes call is thread-safe.
 */
final class RunsConnection implements AutoCloseable {
    static final Duration FOR_EVER = Duration.ofDays(365);
    /** What a lane takes at once when there are many, in bytes of records. */
    private static final long LEAST_AT_ONCE = 16 * 1024;

    private static final Duration LAST_WAIT = Duration.ofSeconds(10);

    private final RunsRequest asked;
    private final StreamContext context;
    private final ClientPlaces places;
    private final List<RunLane> lanes = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Set<RunFeed> feeds = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Optional<SharedOutput>> begin = new CompletableFuture<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final Set<RunId> gone = ConcurrentHashMap.newKeySet();
    private final Object beginning = new Object();
    private final AtomicInteger notOver;
    private final CountDownLatch running;
    private volatile boolean ending;
    /** Whether a token was made. Guarded by {@link #beginning}. */
    private boolean begun;

    /** How a stream ends that does not fail. */
    private enum Outcome {
        ALL_OVER,
        COME_AGAIN
    }

    RunsConnection(RunsRequest asked, GivenRuns given, StreamContext context) {
        this.asked = asked;
        this.context = context;
        this.places = given.places();
        List<RunId> open =
                asked.runs().stream().filter(it -> !given.over().contains(it)).toList();
        int count = open.size();
        this.notOver = new AtomicInteger(count);
        this.running = new CountDownLatch(count);
        long atOnce = Math.max(LEAST_AT_ONCE, RunFeed.BYTES_AT_ONCE / Math.max(1, count));
        for (RunId run : open) {
            Optional<GivenCursor> cursor = Optional.ofNullable(given.cursors().get(run));
            lanes.add(new RunLane(asked.of(run), cursor, this, context, atOnce));
        }
    }

    /**
     * Opens all runs, and waits, bounded, until it is known of each what becomes of it.
     *
     * @return whether the client has all that there will ever be
     * @throws RunProblem if a run is refused: that of the first one
     */
    boolean open(Duration within) throws InterruptedException {
        for (RunLane lane : lanes) {
            threads.add(Thread.ofVirtual().name("lane").start(lane::run));
        }
        long until = System.nanoTime() + within.toNanos();
        boolean allOver = true;
        for (RunLane lane : lanes) {
            try {
                RunLane.Opening found =
                        lane.opening().get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
                allOver &= found == RunLane.Opening.OVER;
            } catch (TimeoutException _) {
                allOver = false;
            } catch (ExecutionException e) {
                throw unchecked(e.getCause());
            }
        }
        return allOver;
    }

    /**
     * Streams until all runs have ended, the stream's age, or the gateway's end.
     *
     * @return whether all have ended; otherwise the client is to come again
     * @throws IOException if the client is gone
     */
    boolean stream(OutputStream out, Duration age) throws IOException, InterruptedException {
        long until = System.nanoTime() + age.toNanos();
        SharedOutput shared = new SharedOutput(out, context.meters(), places, this::isEnding);
        // Some proxies hold a header back until a first byte, and a first write above 512 of them for longer.
        shared.heartbeat();
        if (!awaitFit(shared, until)) {
            return false;
        }
        shared.control(
                id -> RunsFrames.open(asked.runs(), gone(), context.settings().retry(), id));
        begin.complete(Optional.of(shared));
        Outcome how = await(shared, until);
        endLanes();
        if (how == Outcome.COME_AGAIN) {
            return false;
        }
        shared.control(id -> RunsFrames.end(asked.runs(), id));
        out.flush();
        return true;
    }

    /** Waits until all that is known of the client fits into a token, which may need a checkpoint first. */
    private boolean awaitFit(SharedOutput shared, long until) throws IOException, InterruptedException {
        while (!isEnding() && System.nanoTime() < until) {
            if (shared.awaitFit(context.settings().heartbeat())) {
                synchronized (beginning) {
                    begun = places.fits();
                    if (begun) {
                        return true;
                    }
                }
            } else {
                shared.heartbeat();
            }
        }
        return false;
    }

    private List<RunId> gone() {
        return asked.runs().stream().filter(gone::contains).toList();
    }

    private Outcome await(SharedOutput shared, long until) throws IOException, InterruptedException {
        long beat = context.settings().heartbeat().toNanos();
        while (true) {
            long left = until - System.nanoTime();
            if (left <= 0 || !asked.isCurrent()) {
                return Outcome.COME_AGAIN;
            }
            try {
                return outcome.get(Math.min(left, Math.max(1, beat - shared.silentNanos())), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                if (shared.silentNanos() >= beat) {
                    shared.heartbeat();
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException gone) {
                    throw gone;
                }
                if (e.getCause() instanceof RunProblem) {
                    return Outcome.COME_AGAIN;
                }
                throw unchecked(e.getCause());
            }
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException e ? e : new IllegalStateException("a lane has failed", cause);
    }

    private void endLanes() throws InterruptedException {
        ending = true;
        begin.complete(Optional.empty());
        feeds.forEach(RunFeed::wake);
        running.await();
    }

    /** No lane writes any more after this. */
    @Override
    public void close() {
        try {
            endLanes();
        } catch (InterruptedException _) {
            threads.forEach(Thread::interrupt);
            awaitInterrupted();
            Thread.currentThread().interrupt();
        }
    }

    private void awaitInterrupted() {
        try {
            boolean _ = running.await(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    // What follows is for lanes.

    MappedView view() {
        return asked.view();
    }

    /** Whether nothing more is to be written. */
    boolean isEnding() {
        return ending || context.streams().isDraining();
    }

    /** Where all write to, as soon as the answer has begun; empty if it does not. */
    Optional<SharedOutput> awaitBegin() throws InterruptedException {
        try {
            return begin.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is never completed so", e);
        }
    }

    /** A run begins here, of which the client has nothing. */
    void begins(RunId run, RunCursor first) throws IOException, InterruptedException {
        if (asked.isSubscription() && !asked.fromNow()) {
            // What a token of a subscription does not have begins with its first event anyway.
            return;
        }
        RunPlace place = new RunPlace(first, true);
        synchronized (beginning) {
            if (!begun) {
                places.put(run, place);
                return;
            }
        }
        Optional<SharedOutput> out = awaitBegin();
        if (out.isPresent()) {
            out.get().begins(run, place);
        }
    }

    /** Whether a run that there is not any more counts as one that the client has all of; otherwise all is refused. */
    boolean goesOnWithout(RunId run, RunProblem refused) {
        boolean without = asked.goesOnWithout(refused);
        if (without) {
            gone.add(run);
        }
        return without;
    }

    void add(RunFeed feed) {
        context.streams().add(feed);
        feeds.add(feed);
    }

    void remove(RunFeed feed) {
        feeds.remove(feed);
        context.streams().remove(feed);
    }

    /** The client has all of one of the runs. */
    void runIsOver(RunId run) {
        places.over(run);
        if (notOver.decrementAndGet() == 0) {
            outcome.complete(Outcome.ALL_OVER);
        }
    }

    /** The client is to connect again. */
    void comeAgain() {
        outcome.complete(Outcome.COME_AGAIN);
    }

    void failed(Throwable why) {
        outcome.completeExceptionally(why);
    }

    /** A lane is gone. */
    void left() {
        running.countDown();
        if (running.getCount() == 0) {
            // Unless it is known better: they were woken, because the gateway shuts down.
            outcome.complete(Outcome.COME_AGAIN);
        }
    }
}
