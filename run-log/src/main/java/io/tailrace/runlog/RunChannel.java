package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunReader;
import io.tailrace.runlog.ReadResult.Retirement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watched run in one log epoch: its ring, and the feeder that fills it: a virtual thread that takes from the inboxes
 * what the tail has put there, and from the log what lies before that. Made when the first reader comes; the feeder
 * begins where that reader is. Thread-safe.
 */
final class RunChannel {
    private static final Logger LOG = LoggerFactory.getLogger(RunChannel.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int BATCH = 64;
    private static final long BATCH_BYTES = 256 * 1024;

    private final RunLocation location;
    private final long epoch;
    private final boolean followed;
    private final boolean trusted;
    private final RunScan scan;
    private final Inboxes inboxes;
    private final Ring ring;
    private final Replays replays;
    private final Tail tail;
    private final Tail.Watch watch;
    private final Set<Topic> watched = EnumSet.noneOf(Topic.class);
    private final LogMeters meters;
    private Optional<StageId> lookedInto = Optional.empty();
    private long noticedUpTo = -1;
    private long countedVoid;
    private long countedWrong;
    private long overflowsSeen;
    private volatile boolean miscounted;

    /**
     * @param followed whether there is anything to come; a run that has ended is only ever replayed
     * @param trusted whether the reader's numbers are known to be right, because it began with the run
     */
    RunChannel(
            RunLocation location,
            long epoch,
            boolean followed,
            boolean trusted,
            RunReader reader,
            Ring ring,
            Replays replays,
            LogSource source,
            Tail tail,
            InboxBudget budget,
            LogMeters meters) {
        this.location = location;
        this.epoch = epoch;
        this.followed = followed;
        this.trusted = trusted;
        this.scan = new RunScan(location.run(), reader, source);
        this.ring = ring;
        this.replays = replays;
        this.tail = tail;
        this.inboxes = new Inboxes(budget);
        this.watch = new Tail.Watch(location.run(), location.partition(), inboxes);
        this.meters = meters;
    }

    void start() {
        if (followed) {
            follow(Topic.RUN_EVENTS);
            location.chapters().forEach(this::follow);
            Thread.ofVirtual().name("feeder-" + location.run()).start(this::feed);
        }
    }

    /**
     * Has the tail read a topic for this run. Those of the chapters to come are watched from the beginning, so that
     * nobody waits for one when it is opened; another only when a chapter turns out to lie there, and what it has by then is read from
     * the log. Confined to who starts the channel, then to the feeder.
     */
    private void follow(Topic topic) {
        if (watched.add(topic)) {
            tail.watch(watch, topic);
            if (ring.isRetired()) {
                // Whoever retired it may have been faster.
                tail.unwatch(watch);
            }
        }
    }

    Replays replays() {
        return replays;
    }

    Ring ring() {
        return ring;
    }

    RunId run() {
        return location.run();
    }

    long epoch() {
        return epoch;
    }

    /** Whether there is anything to come. */
    boolean isFollowed() {
        return followed;
    }

    /** Ends the feeder and lets the readers know. */
    void retire(Retirement why) {
        ring.retire(why);
        if (followed) {
            tail.unwatch(watch);
            inboxes.close();
            inboxes.signal();
        }
    }

    private void feed() {
        RunReader reader = scan.reader();
        try {
            while (!reader.hasEnded() && !ring.isRetired()) {
                ring.awaitRoom();
                if (!ring.isRetired()) {
                    feedOn(reader);
                    watchCounts(reader);
                }
            }
            // The run has ended, or nobody wants it: there is nothing to come.
            tail.unwatch(watch);
            inboxes.close();
        } catch (InterruptedException e) {
            retire(Retirement.REPLACED);
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            meters.feederFailures.increment();
            LOG.error("The feeder of run {} has failed at {}", location.run(), reader.next(), e);
            retire(Retirement.REPLACED);
            throw e;
        }
    }

    private void feedOn(RunReader reader) throws InterruptedException {
        long signals = inboxes.signals();
        List<ReadItem> items = new ArrayList<>();
        long bytes = 0;
        long atOnce = bytesAtOnce();
        while (items.size() < BATCH && bytes < atOnce && !reader.hasEnded()) {
            if (!reader.openStage().equals(lookedInto)) {
                ring.publish(items);
                lookInto(reader, signals);
                return;
            }
            LogPosition want = reader.next();
            follow(want.topic());
            switch (inboxes.of(want.topic()).poll(want.offset())) {
                case Inbox.Polled.Next next -> {
                    bytes += next.record().value().length;
                    items.addAll(reader.accept(next.record()));
                }
                case Inbox.Polled.Nothing _ -> {
                    ring.publish(items);
                    ring.upToDate(true);
                    tellNotices(reader);
                    if (!items.isEmpty()) {
                        return;
                    }
                    lookAhead(reader);
                    if (reader.chapterEnd().isPresent()) {
                        // The tail is not there yet, or the chapter has lost its end: the log knows.
                        readFromLog(Long.MAX_VALUE, signals);
                    } else if (reader.next().equals(want)) {
                        inboxes.awaitSignal(signals, LOOK_AGAIN);
                    }
                    return;
                }
                case Inbox.Polled.NotYet _ -> {
                    ring.publish(items);
                    inboxes.awaitSignal(signals, LOOK_AGAIN);
                    return;
                }
                case Inbox.Polled.CutOff _ -> {
                    ring.publish(items);
                    cutOff();
                    return;
                }
                case Inbox.Polled.Before before -> {
                    ring.publish(items);
                    ring.upToDate(false);
                    readFromLog(before.from(), signals);
                    return;
                }
            }
        }
        ring.publish(items);
    }

    /**
     * The reader has come to a chapter, or has left one: looks at what the spine has after its opening. What the tail has
     * not brought is in the log.
     */
    private void lookInto(RunReader reader, long signals) throws InterruptedException {
        Optional<StageId> stage = reader.openStage();
        OptionalLong held = inboxes.of(Topic.RUN_EVENTS).from();
        if (held.isEmpty()) {
            inboxes.awaitSignal(signals, LOOK_AGAIN);
            return;
        }
        try {
            scan.lookAhead(held.getAsLong());
            lookAhead(reader);
            boolean allSeen = reader.lookAhead()
                    .map(it -> inboxes.of(Topic.RUN_EVENTS).holdsFrom(it.offset()))
                    .orElse(true);
            lookedInto = allSeen ? stage : Optional.empty();
        } catch (LogUnreadable e) {
            LOG.debug("Run {}: waiting for the log to look ahead", location.run(), e);
            inboxes.awaitSignal(signals, PAUSE);
        }
    }

    /** What the tail has brought of the spine while the chapter is read; it stays where it is, to be read after it. */
    private void lookAhead(RunReader reader) {
        Inbox spine = inboxes.of(Topic.RUN_EVENTS);
        Optional<LogPosition> from = reader.lookAhead();
        if (from.isPresent()) {
            long next = from.get().offset();
            List<LogRecord> held = spine.heldAfter(next - 1);
            if (spine.holdsFrom(next)) {
                held.forEach(reader::ahead);
            } else {
                lookedInto = Optional.empty();
            }
        }
    }

    private long bytesAtOnce() {
        return Math.min(BATCH_BYTES, ring.maxBytes());
    }

    private void readFromLog(long upTo, long signals) throws InterruptedException {
        try {
            switch (scan.step(upTo, Math.toIntExact(bytesAtOnce()))) {
                case RunScan.Step.Moved moved -> ring.publish(moved.items());
                case RunScan.Step.AtEnd _ -> inboxes.awaitSignal(signals, PAUSE);
                case RunScan.Step.CutOff _ -> cutOff();
            }
        } catch (LogUnreadable e) {
            LOG.debug(
                    "Run {}: waiting for the log at {}",
                    location.run(),
                    scan.reader().next(),
                    e);
            inboxes.awaitSignal(signals, PAUSE);
        }
    }

    private void cutOff() {
        LOG.warn(
                "Run {}: the log was cut off before {}",
                location.run(),
                scan.reader().next());
        retire(Retirement.CUT_OFF);
    }

    /**
     * What the spine got while a chapter is open has its place after the chapter; whoever follows live hears of it at
     * once. What carries a number is about to come in its place anyway.
     */
    private void tellNotices(RunReader reader) {
        if (reader.openStage().isEmpty()) {
            return;
        }
        for (LogRecord record : inboxes.of(Topic.RUN_EVENTS).heldAfter(noticedUpTo)) {
            noticedUpTo = record.offset();
            if (record.headers().runSequence().isEmpty() && record.headers().mark() == Mark.NONE) {
                ring.tell(new Delivery.Notice(record));
            }
        }
    }

    private void watchCounts(RunReader reader) {
        if (reader.voidRecords() > countedVoid) {
            meters.voidRecords.increment((double) (reader.voidRecords() - countedVoid));
            countedVoid = reader.voidRecords();
        }
        long overflows = inboxes.overflows();
        if (overflows > overflowsSeen) {
            meters.inboxOverflows.increment((double) (overflows - overflowsSeen));
            overflowsSeen = overflows;
        }
        if (reader.miscounts() > countedWrong) {
            meters.miscounts.increment((double) (reader.miscounts() - countedWrong));
            countedWrong = reader.miscounts();
            LOG.warn("Run {}: the log numbers {} records otherwise than counted here", location.run(), countedWrong);
            if (!trusted) {
                // It began at a client's cursor, and that may have claimed a wrong sequence.
                miscounted = true;
                retire(Retirement.REPLACED);
            }
        }
    }

    /** Whether it began at a cursor and came to a record that is numbered otherwise than counted. */
    boolean miscounted() {
        return miscounted;
    }
}
