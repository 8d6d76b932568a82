package io.tailrace.runlog;

import io.tailrace.events.log.Mark;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.reading.RunReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reader that follows a run to its end: a position in the order, which the ring of the run's channel serves as long as
 * it has what comes next, and a replay of the log where it has not.
 */
final class TailedFeed implements RunFeed {
    private static final Logger LOG = LoggerFactory.getLogger(TailedFeed.class);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final TailedRunLog log;
    private final Wakeup wakeup = new Wakeup();
    private RunLocation location;
    private @Nullable RunChannel channel;
    private @Nullable Replay replay;
    private @Nullable RunReader unused;
    private List<Delivery> first;
    private RunCursor cursor;
    private long position;
    private long noticesSeen;
    private boolean live;
    private boolean over;

    TailedFeed(TailedRunLog log, RunLocation location, ResolvedStart opening) {
        this.log = log;
        this.location = location;
        this.first = opening.first();
        this.cursor = opening.cursor();
        this.position = opening.cursor().sequence();
        this.over = opening.over() && opening.first().isEmpty();
        if (!opening.over()) {
            follow(opening);
        }
    }

    private void follow(ResolvedStart opening) {
        TailedRunLog.Joined joined = log.join(location, opening);
        channel = joined.channel();
        unused = joined.readerTaken() ? null : opening.reader();
        noticesSeen = joined.channel().ring().noticesTold();
        wakeup.nudges(joined.channel().ring());
    }

    @Override
    public List<Delivery> next(Duration wait, long maxBytes) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        while (!over) {
            if (!first.isEmpty()) {
                List<Delivery> given = first;
                first = List.of();
                return passed(given);
            }
            Duration rest = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            switch (take(rest, maxBytes)) {
                case ReadResult.Found found -> {
                    noticesSeen = Math.max(noticesSeen, found.noticesTold());
                    return passed(found.deliveries());
                }
                case ReadResult.Nothing _ -> {
                    if (first.isEmpty() && (wakeup.take() || end - System.nanoTime() <= 0)) {
                        return List.of();
                    }
                }
                case ReadResult.NotHere _ -> leaveReplay();
                case ReadResult.Retired _ -> leave();
            }
        }
        return List.of();
    }

    private ReadResult take(Duration wait, long maxBytes) throws InterruptedException {
        RunChannel at = channel;
        if (at == null) {
            return joinAgain(wait);
        }
        if (log.isOtherThan(at.epoch())) {
            return new ReadResult.Retired(ReadResult.Retirement.EPOCH);
        }
        if (replay != null && at.ring().covers(position)) {
            leaveReplay();
            noticesSeen = at.ring().noticesTold();
        }
        Replay own = replay;
        if (own != null) {
            // The ring is to come to where this reader is, and not to wait for slower ones.
            at.ring().reached(position);
            try {
                ReadResult taken = own.take(position, maxBytes);
                return taken instanceof ReadResult.Nothing ? pause(wait) : taken;
            } catch (LogUnreadable e) {
                return unreadable(e, wait);
            }
        }
        live = live || at.ring().isHead(position);
        ReadResult taken = at.ring().take(position, noticesSeen, maxBytes, wait, wakeup::isDue);
        return taken instanceof ReadResult.NotHere ? startReplay(at, wait) : taken;
    }

    private ReadResult startReplay(RunChannel at, Duration wait) throws InterruptedException {
        live = false;
        Optional<Replay> shared = at.replays().shared(position);
        if (shared.isPresent()) {
            replay = shared.get();
            return new ReadResult.Nothing();
        }
        RunReader reader = unused;
        unused = null;
        if (reader == null || reader.sequence() != position) {
            try {
                ResolvedStart opening = log.look(location, cursor, at.epoch());
                if (opening.first().stream().anyMatch(Delivery.Reset.class::isInstance)) {
                    at.retire(ReadResult.Retirement.CUT_OFF);
                    return new ReadResult.Retired(ReadResult.Retirement.CUT_OFF);
                }
                first = opening.first();
                reader = opening.reader();
            } catch (LogUnreadable e) {
                return unreadable(e, wait);
            }
        }
        replay = at.replays().begin(reader);
        return new ReadResult.Nothing();
    }

    /** The channel was retired: whatever has become of the log is told like to a client that comes with its cursor. */
    private ReadResult joinAgain(Duration wait) throws InterruptedException {
        try {
            long epoch = log.epoch();
            if (epoch != cursor.epoch()) {
                location = location.inAnotherLog();
            }
            ResolvedStart opening = log.look(location, cursor, epoch);
            first = opening.first();
            over = opening.over() && first.isEmpty();
            if (first.stream().anyMatch(Delivery.Reset.class::isInstance)) {
                position = 0;
            }
            if (!opening.over()) {
                follow(opening);
            }
            return new ReadResult.Nothing();
        } catch (LogUnreadable e) {
            return unreadable(e, wait);
        }
    }

    private ReadResult unreadable(LogUnreadable e, Duration wait) throws InterruptedException {
        LOG.debug("Run {}: waiting for the log", location.run(), e);
        return pause(wait);
    }

    private ReadResult pause(Duration atMost) throws InterruptedException {
        wakeup.await(atMost.compareTo(PAUSE) < 0 ? atMost : PAUSE);
        return new ReadResult.Nothing();
    }

    private List<Delivery> passed(List<Delivery> given) {
        for (Delivery delivery : given) {
            switch (delivery) {
                case Delivery.Events events -> {
                    position = events.item().lastSequence();
                    cursor = events.item().cursor();
                }
                case Delivery.Gap gap -> position = gap.toSequence();
                case Delivery.Reset reset -> {
                    position = 0;
                    cursor = reset.start();
                }
                case Delivery.End end -> {
                    cursor = end.cursor();
                    over = true;
                }
                case Delivery.Notice _, Delivery.UpToDate _ -> {}
            }
        }
        if (given.getLast() instanceof Delivery.Events events
                && events.item().record().headers().mark() == Mark.RUN_END) {
            List<Delivery> withEnd = new ArrayList<>(given);
            withEnd.add(new Delivery.End(cursor));
            over = true;
            leave();
            return withEnd;
        }
        return given;
    }

    private void leaveReplay() {
        Replay left = replay;
        RunChannel at = channel;
        replay = null;
        if (left != null && at != null) {
            at.replays().leave(left);
        }
    }

    private void leave() {
        leaveReplay();
        RunChannel left = channel;
        channel = null;
        unused = null;
        live = false;
        if (left != null) {
            log.leave(left);
        }
    }

    @Override
    public RunCursor cursor() {
        return cursor;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public boolean isLive() {
        return live;
    }

    @Override
    public void wake() {
        wakeup.wake();
    }

    @Override
    public void close() {
        over = true;
        leave();
    }
}
