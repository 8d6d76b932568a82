package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.reading.RunReader;
import io.tailrace.runlog.ReadResult.Retirement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads runs through one tail of the log: a channel for each watched run, whose ring serves all who are near its head,
 * and replays for all who are not. Thread-safe.
 */
public final class TailedRunLog implements RunLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TailedRunLog.class);
    private static final Duration SWEEP = Duration.ofMillis(250);
    private static final int MAX_DISTRUSTED = 1000;

    private final LogSource source;
    private final Tail tail;
    private final RunLogLimits limits;
    private final LogMeters meters;
    private final Map<RunId, Entry> channels = new HashMap<>();
    private final Set<RunId> distrusted = new HashSet<>();
    private final AtomicInteger replays = new AtomicInteger();
    private final AtomicInteger rings = new AtomicInteger();
    private final InboxBudget inboxes;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("run-log-sweep").daemon().factory());

    /** A channel and how many read from it; with none, since when. */
    private static final class Entry {
        final RunChannel channel;
        int readers;
        long idleSince;

        Entry(RunChannel channel) {
            this.channel = channel;
        }
    }

    TailedRunLog(LogSource source, Tail tail, RunLogLimits limits, LogMeters meters) {
        this.source = source;
        this.tail = tail;
        this.limits = limits;
        this.meters = meters;
        this.inboxes = new InboxBudget(limits.inboxesBytes(), () -> limits.inboxBytes(rings.get()));
    }

    void start() {
        var _ = sweeper.scheduleWithFixedDelay(this::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public RunFeed open(RunLocation run, Start start, Until until)
            throws CursorRefused, LogUnreadable, InterruptedException {
        long epoch = epoch();
        if (start instanceof Start.After after && after.cursor().epoch() != epoch) {
            // Another gateway may have noticed a new log before this one.
            epoch = source.currentEpoch();
        }
        ResolvedStart opening = ResolvedStart.of(run, start, epoch, source);
        if (start instanceof Start.Now) {
            opening = skipToNow(run, opening);
        }
        return switch (until) {
            case END_OF_RUN -> new TailedFeed(this, run, opening);
            case NOW ->
                new ScannedFeed(
                        opening,
                        new RunScan(run.run(), opening.reader(), source),
                        source.ends(run.partition()),
                        () -> limits.chunkBytes(replays.get()),
                        meters::replayed);
        };
    }

    @Override
    public void spine(RunLocation run, OptionalLong from, SpineSink sink) throws LogUnreadable, InterruptedException {
        new SpineScan(source, run, sink).read(from);
    }

    private ResolvedStart skipToNow(RunLocation run, ResolvedStart opening) throws LogUnreadable, InterruptedException {
        if (opening.over()) {
            return opening;
        }
        LogEnds ends = source.ends(run.partition());
        RunScan scan = new RunScan(run.run(), opening.reader(), source);
        while (!scan.reader().hasEnded() && !scan.reached(ends)) {
            RunScan.Step step = scan.step(ends.of(scan.reader().next().topic()), limits.chunkBytes(replays.get()));
            if (!(step instanceof RunScan.Step.Moved)) {
                throw new LogUnreadable("the log was cut off while it was read");
            }
        }
        return new ResolvedStart(
                scan.reader(), scan.reader().cursor(), List.of(), scan.reader().hasEnded());
    }

    /** A run's channel, and whether it reads with the reader of who joined, who must not use it any more then. */
    record Joined(RunChannel channel, boolean readerTaken) {}

    /** The channel of a run, for one more reader: the one there is, or one that begins where this reader is. */
    Joined join(RunLocation location, ResolvedStart opening) {
        RunChannel started = null;
        RunChannel replaced = null;
        RunChannel joined;
        long epoch = opening.reader().cursor().epoch();
        synchronized (channels) {
            Entry entry = channels.get(location.run());
            if (entry != null && !serves(entry, opening, epoch)) {
                replaced = entry.channel;
                distrustIfWrong(replaced);
                entry = null;
            }
            if (entry == null) {
                started = newChannel(location, opening, epoch);
                entry = new Entry(started);
                channels.put(location.run(), entry);
                rings.set(channels.size());
            }
            entry.readers++;
            joined = entry.channel;
        }
        if (replaced != null) {
            replaced.retire(Retirement.REPLACED);
        }
        if (started != null) {
            started.start();
        }
        return new Joined(joined, started != null && started.isFollowed());
    }

    private void distrustIfWrong(RunChannel channel) {
        if (channel.miscounted() && distrusted.size() < MAX_DISTRUSTED) {
            distrusted.add(channel.run());
        }
    }

    /** A channel that nobody reads from, and that is not where the reader is, is better begun anew. */
    private static boolean serves(Entry entry, ResolvedStart opening, long epoch) {
        RunChannel channel = entry.channel;
        return channel.epoch() == epoch
                && !channel.ring().isRetired()
                && (entry.readers > 0
                        || !channel.isFollowed()
                        || channel.ring().covers(opening.cursor().sequence()));
    }

    private RunChannel newChannel(RunLocation location, ResolvedStart opening, long epoch) {
        boolean fromStart = opening.cursor().isBeforeFirst();
        boolean followed = !location.ended();
        RunReader reader = opening.reader();
        if (!fromStart && distrusted.contains(location.run())) {
            reader = RunReader.fromStart(location.run(), location.partition(), epoch, location.firstOffset());
            fromStart = true;
        }
        long position = followed ? reader.sequence() : Long.MAX_VALUE - 2;
        Ring ring = new Ring(position, () -> limits.ringBytes(rings.get()), meters.evictions::increment);
        Replays own = new Replays(location.run(), source, limits, replays, meters);
        return new RunChannel(location, epoch, followed, fromStart, reader, ring, own, source, tail, inboxes, meters);
    }

    /** A reader goes. */
    void leave(RunChannel channel) {
        synchronized (channels) {
            Entry entry = channels.get(channel.run());
            if (entry != null && entry.channel == channel) {
                entry.readers--;
                entry.idleSince = System.nanoTime();
            }
        }
    }

    private void sweep() {
        List<RunChannel> gone = new ArrayList<>();
        synchronized (channels) {
            Iterator<Entry> entries = channels.values().iterator();
            while (entries.hasNext()) {
                Entry entry = entries.next();
                boolean idle = entry.readers == 0
                        && System.nanoTime() - entry.idleSince > limits.idle().toNanos();
                boolean otherLog = isOtherThan(entry.channel.epoch());
                if (idle || otherLog || entry.channel.ring().isRetired()) {
                    distrustIfWrong(entry.channel);
                    entries.remove();
                    gone.add(entry.channel);
                }
            }
            rings.set(channels.size());
        }
        boolean otherLog = gone.stream().anyMatch(it -> isOtherThan(it.epoch()));
        if (otherLog) {
            LOG.warn("The log is another one now: all who watch begin anew");
            meters.epochChanges.increment();
            tail.forget();
            source.forget();
        }
        gone.forEach(it -> it.retire(isOtherThan(it.epoch()) ? Retirement.EPOCH : Retirement.REPLACED));
    }

    ResolvedStart look(RunLocation location, RunCursor cursor, long epoch) throws LogUnreadable, InterruptedException {
        try {
            return ResolvedStart.of(location, new Start.After(cursor), epoch, source);
        } catch (CursorRefused e) {
            throw new IllegalStateException("a cursor of ours was refused: " + e.getMessage(), e);
        }
    }

    long epoch() throws LogUnreadable {
        return source.epoch().orElseThrow(() -> new LogUnreadable("the log was not reached yet"));
    }

    /** Whether the log is known to be another one than that with this epoch. */
    boolean isOtherThan(long epoch) {
        return source.epoch().isPresent() && source.epoch().getAsLong() != epoch;
    }

    /** How many runs are watched. */
    int watchedRuns() {
        return rings.get();
    }

    /** How many bytes lie in the inboxes of all watched runs. */
    long inboxBytes() {
        return inboxes.held();
    }

    /** How many replays are open. */
    int openReplays() {
        return replays.get();
    }

    /** Ends all feeds' sources; readers that are still there get nothing more. */
    @Override
    public void close() {
        sweeper.shutdownNow();
        List<RunChannel> all;
        synchronized (channels) {
            all = channels.values().stream().map(it -> it.channel).toList();
            channels.clear();
        }
        all.forEach(it -> it.retire(Retirement.REPLACED));
    }
}
