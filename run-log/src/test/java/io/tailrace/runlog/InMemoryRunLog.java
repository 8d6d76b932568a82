package io.tailrace.runlog;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.reading.RunReader;
import io.tailrace.runlog.Delivery.ResetReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The port's fake: each reader goes through a log in memory record by record, on its own. */
final class InMemoryRunLog implements RunLog {
    private final MemoryLog log;

    InMemoryRunLog(MemoryLog log) {
        this.log = log;
    }

    @Override
    public RunFeed open(RunLocation run, Start start, Until until)
            throws CursorRefused, LogUnreadable, InterruptedException {
        ResolvedStart opening = ResolvedStart.of(run, start, log.currentEpoch(), log);
        Feed feed = new Feed(run, opening, until);
        return start instanceof Start.Now ? feed.skipped() : feed;
    }

    @Override
    public void spine(RunLocation run, OptionalLong from, SpineSink sink) {
        long start = from.orElse(log.start(Topic.RUN_EVENTS));
        LogPosition at = new LogPosition(Topic.RUN_EVENTS, run.partition(), start);
        Optional<LogRecord> next = log.next(run.run(), at);
        while (next.isPresent() && sink.take(next.get())) {
            at = new LogPosition(Topic.RUN_EVENTS, run.partition(), next.get().offset() + 1);
            next = log.next(run.run(), at);
        }
    }

    private final class Feed implements RunFeed {
        private final RunLocation location;
        private final Until until;
        private final LogEnds ends;
        private RunReader reader;
        private long epoch;
        private RunCursor cursor;
        private final List<Delivery> first;
        private long noticedUpTo;
        private boolean over;
        private volatile boolean woken;

        Feed(RunLocation location, ResolvedStart opening, Until until) {
            this.location = location;
            this.until = until;
            this.reader = opening.reader();
            this.epoch = opening.reader().cursor().epoch();
            this.cursor = opening.cursor();
            this.first = new ArrayList<>(opening.first());
            this.over = opening.over() && opening.first().isEmpty();
            this.ends = log.ends(location.partition());
            this.noticedUpTo = ends.spine();
        }

        Feed skipped() {
            while (!reader.hasEnded() && !ends.reachedBy(reader.next())) {
                if (step().isEmpty()) {
                    break;
                }
            }
            cursor = reader.cursor();
            over = reader.hasEnded();
            return this;
        }

        @Override
        public List<Delivery> next(Duration wait, long maxBytes) throws InterruptedException {
            long end = System.nanoTime() + wait.toNanos();
            List<Delivery> found = new ArrayList<>(first);
            first.clear();
            while (!over && found.isEmpty()) {
                long seen = log.changes();
                found.addAll(look());
                long rest = (end - System.nanoTime()) / 1_000_000;
                if (found.isEmpty() && (woken || rest <= 0)) {
                    woken = false;
                    return List.of();
                }
                if (found.isEmpty()) {
                    log.await(seen, Math.min(rest, 20));
                }
            }
            found.forEach(this::passed);
            return found;
        }

        private List<Delivery> look() {
            if (log.currentEpoch() != epoch) {
                epoch = log.currentEpoch();
                reader = RunReader.fromStart(location.run(), location.partition(), epoch, 0);
                noticedUpTo = 0;
                return List.of(new Delivery.Reset(ResetReason.EPOCH, reader.cursor()));
            }
            lookAhead();
            if (until == Until.NOW
                    && !reader.hasEnded()
                    && reader.chapterEnd().isEmpty()
                    && ends.reachedBy(reader.next())) {
                return List.of(new Delivery.UpToDate(cursor));
            }
            List<Delivery> found = new ArrayList<>(notices());
            Optional<List<ReadItem>> items = step();
            while (items.isPresent() && items.get().isEmpty()) {
                items = step();
            }
            for (ReadItem item : items.orElse(List.of())) {
                found.add(
                        switch (item) {
                            case ReadItem.Gap gap -> new Delivery.Gap(gap.fromSequence(), gap.toSequence());
                            case ReadItem.Numbered numbered -> new Delivery.Events(SharedRecord.alone(numbered), 0);
                        });
            }
            if (reader.hasEnded()) {
                found.add(new Delivery.End(reader.cursor()));
            }
            return found;
        }

        /** Empty if there is nothing more now. */
        private Optional<List<ReadItem>> step() {
            LogPosition next = reader.next();
            if (next.offset() < log.start(next.topic())) {
                reader.trimmed(log.start(next.topic()));
                return Optional.of(List.of());
            }
            lookAhead();
            LogPosition there = reader.next();
            Optional<LogRecord> record = log.next(location.run(), there);
            boolean lost = record.isEmpty()
                    && reader.chapterEnd()
                            .filter(it -> it >= log.end(there.topic()))
                            .isPresent();
            if (lost) {
                reader.lost();
                return Optional.of(List.of());
            }
            if (record.isEmpty() && reader.chapterEnd().isPresent()) {
                reader.advanceTo(log.end(there.topic()));
                return Optional.of(List.of());
            }
            return record.map(reader::accept);
        }

        private void lookAhead() {
            for (Optional<LogPosition> from = reader.lookAhead(); from.isPresent(); from = reader.lookAhead()) {
                Optional<LogRecord> record = log.next(location.run(), from.get());
                if (record.isEmpty()) {
                    return;
                }
                reader.ahead(record.get());
            }
        }

        private List<Delivery> notices() {
            List<Delivery> notices = new ArrayList<>();
            LogPosition from = new LogPosition(Topic.RUN_EVENTS, location.partition(), noticedUpTo);
            if (until == Until.NOW || reader.openStage().isEmpty()) {
                return notices;
            }
            for (Optional<LogRecord> record = log.next(location.run(), from);
                    record.isPresent();
                    record = log.next(location.run(), from)) {
                noticedUpTo = record.get().offset() + 1;
                from = new LogPosition(Topic.RUN_EVENTS, location.partition(), noticedUpTo);
                if (record.get().headers().runSequence().isEmpty()
                        && record.get().headers().mark() == Mark.NONE) {
                    notices.add(new Delivery.Notice(record.get()));
                }
            }
            return notices;
        }

        private void passed(Delivery delivery) {
            switch (delivery) {
                case Delivery.Events events -> cursor = events.item().cursor();
                case Delivery.Reset reset -> cursor = reset.start();
                case Delivery.End end -> {
                    cursor = end.cursor();
                    over = true;
                }
                case Delivery.UpToDate _ -> over = true;
                case Delivery.Gap _, Delivery.Notice _ -> {}
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
            return until == Until.END_OF_RUN;
        }

        @Override
        public void wake() {
            woken = true;
        }

        @Override
        public void close() {
            over = true;
        }
    }
}
