package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.reading.RunReader;
import io.tailrace.runlog.Delivery.ResetReason;
import io.tailrace.runlog.LogSource.Place;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a reader begins: the table of what becomes of a cursor.
 *
 * @param reader continues after {@code first}
 * @param cursor where the client is before {@code first}
 * @param first what the client gets before anything that the reader reads
 * @param over whether nothing comes after {@code first}
 */
record ResolvedStart(RunReader reader, RunCursor cursor, List<Delivery> first, boolean over) {

    /** Looks a start up in the log. {@code epoch} is the log's. */
    static ResolvedStart of(RunLocation location, Start start, long epoch, LogSource source)
            throws CursorRefused, LogUnreadable, InterruptedException {
        return switch (start) {
            case Start.FromBeginning _ -> fromBeginning(location, epoch, List.of(), source);
            case Start.After after -> after(location, after.cursor(), epoch, source);
            case Start.Now _ -> latest(location, epoch, source);
            case Start.Unproven unproven ->
                reset(
                        location,
                        unproven.claimed().epoch() == epoch ? ResetReason.KEY : ResetReason.EPOCH,
                        epoch,
                        source);
        };
    }

    /** At the last record that the catalogue knows: a good place to begin to look for 'now'. */
    private static ResolvedStart latest(RunLocation location, long epoch, LogSource source)
            throws LogUnreadable, InterruptedException {
        try {
            ResolvedStart opening = after(location, location.latestCursor(epoch), epoch, source);
            if (opening.first.stream().noneMatch(Delivery.Reset.class::isInstance)) {
                return opening;
            }
        } catch (CursorRefused _) {
            // The catalogue is of another log than the one that is there now.
        }
        return fromBeginning(location, epoch, List.of(), source);
    }

    private static ResolvedStart after(RunLocation location, RunCursor cursor, long epoch, LogSource source)
            throws CursorRefused, LogUnreadable, InterruptedException {
        if (!cursor.isOf(location.run())) {
            throw CursorRefused.ofAnotherRun();
        }
        if (cursor.epoch() != epoch) {
            return reset(location, ResetReason.EPOCH, epoch, source);
        }
        if (cursor.partition() != location.partition()) {
            throw CursorRefused.contradictory("it names another partition than the run's");
        }
        if (cursor.sequence() > EventHeaders.MAX_SEQUENCE) {
            throw CursorRefused.contradictory("its sequence is higher than any run's");
        }
        if (cursor.isBeforeFirst()) {
            return fromBeginning(location, epoch, List.of(), source);
        }
        Place spine = source.at(
                location.run(), new LogPosition(Topic.RUN_EVENTS, location.partition(), cursor.spineOffset()));
        return switch (spine) {
            case Place.Beyond _ -> reset(location, ResetReason.BEYOND_END, epoch, source);
            case Place.Other _ -> reset(location, ResetReason.REWRITTEN, epoch, source);
            case Place.Trimmed trimmed -> trimmed(location, cursor, Optional.empty(), trimmed.logStart(), source);
            case Place.Present present -> afterSpine(location, cursor, present.record(), epoch, source);
        };
    }

    private static ResolvedStart afterSpine(
            RunLocation location, RunCursor cursor, LogRecord spine, long epoch, LogSource source)
            throws CursorRefused, LogUnreadable, InterruptedException {
        if (cursor.chapter().isEmpty()) {
            return resumed(location, cursor, spine, Optional.empty(), epoch, source);
        }
        Optional<LogPosition> chapter = spine.headers().chapterFrom();
        if (chapter.isEmpty()) {
            return reset(location, ResetReason.REWRITTEN, epoch, source);
        }
        LogPosition last = new LogPosition(
                chapter.get().topic(),
                location.partition(),
                cursor.chapter().get().lastOffset());
        return switch (source.at(location.run(), last)) {
            case Place.Beyond _ -> reset(location, ResetReason.BEYOND_END, epoch, source);
            case Place.Other _ -> reset(location, ResetReason.REWRITTEN, epoch, source);
            case Place.Trimmed trimmed -> trimmed(location, cursor, Optional.of(spine), trimmed.logStart(), source);
            case Place.Present present ->
                resumed(location, cursor, spine, Optional.of(present.record()), epoch, source);
        };
    }

    private static ResolvedStart resumed(
            RunLocation location,
            RunCursor cursor,
            LogRecord spine,
            Optional<LogRecord> inChapter,
            long epoch,
            LogSource source)
            throws CursorRefused, LogUnreadable, InterruptedException {
        Optional<RunReader> reader = RunReader.resume(location.run(), cursor, spine, inChapter);
        if (reader.isEmpty()) {
            return reset(location, ResetReason.REWRITTEN, epoch, source);
        }
        Optional<Long> counted = spine.headers().runSequence();
        boolean credible = counted.isEmpty()
                || (inChapter.isEmpty() ? cursor.sequence() == counted.get() : cursor.sequence() > counted.get());
        if (!credible) {
            // The record is the cursor's, its number is not: what lies before it is not what it was.
            return reset(location, ResetReason.REWRITTEN, epoch, source);
        }
        LogRecord last = inChapter.orElse(spine);
        int rest = last.headers().count() - cursor.index();
        List<Delivery> first = List.of();
        if (rest > 0) {
            ReadItem.Numbered partial = new ReadItem.Numbered(
                    last,
                    cursor.sequence() - cursor.index() + 1,
                    Optional.empty(),
                    reader.get().cursor());
            first = List.of(new Delivery.Events(SharedRecord.alone(partial), cursor.index()));
        }
        return new ResolvedStart(reader.get(), cursor, first, reader.get().hasEnded() && rest == 0);
    }

    private static ResolvedStart trimmed(
            RunLocation location, RunCursor cursor, Optional<LogRecord> spine, long logStart, LogSource source)
            throws LogUnreadable, InterruptedException {
        RunReader reader = RunReader.resumeTrimmed(location.run(), cursor, spine, logStart);
        return spine.isEmpty() && isGone(location, source)
                ? gone(location, reader, cursor)
                : new ResolvedStart(reader, cursor, List.of(), false);
    }

    private static ResolvedStart reset(RunLocation location, ResetReason reason, long epoch, LogSource source)
            throws LogUnreadable, InterruptedException {
        RunCursor start = RunCursor.beforeFirst(epoch, location.partition(), location.run());
        return fromBeginning(location, epoch, List.of(new Delivery.Reset(reason, start)), source);
    }

    /** Where the catalogue says that the run begins, if the log agrees; else where the log begins. */
    private static ResolvedStart fromBeginning(RunLocation location, long epoch, List<Delivery> first, LogSource source)
            throws LogUnreadable, InterruptedException {
        RunId run = location.run();
        RunCursor start = RunCursor.beforeFirst(epoch, location.partition(), run);
        Place place = firstPlace(location, source);
        RunReader reader = RunReader.fromStart(run, location.partition(), epoch, beginning(location, place));
        if (place instanceof Place.Trimmed && isGone(location, source)) {
            ResolvedStart gone = gone(location, reader, start);
            return new ResolvedStart(
                    reader,
                    start,
                    Stream.concat(first.stream(), gone.first.stream()).toList(),
                    true);
        }
        return new ResolvedStart(reader, start, first, false);
    }

    private static Place firstPlace(RunLocation location, LogSource source) throws LogUnreadable, InterruptedException {
        return source.at(
                location.run(), new LogPosition(Topic.RUN_EVENTS, location.partition(), location.firstOffset()));
    }

    private static long beginning(RunLocation location, Place first) {
        boolean asKnown = switch (first) {
            case Place.Present present ->
                present.record().headers().runSequence().equals(Optional.of(1L));
            case Place.Trimmed _ -> true;
            case Place.Other _, Place.Beyond _ -> false;
        };
        return asKnown ? location.firstOffset() : 0;
    }

    /** An offset of run-events with nothing of the run before it. */
    static long beginning(RunLocation location, LogSource source) throws LogUnreadable, InterruptedException {
        return beginning(location, firstPlace(location, source));
    }

    /** Whether retention has taken even the last record of a run that has ended. */
    private static boolean isGone(RunLocation location, LogSource source) throws LogUnreadable, InterruptedException {
        LogPosition last = new LogPosition(
                Topic.RUN_EVENTS, location.partition(), location.latest().offset());
        return location.ended() && source.at(location.run(), last) instanceof Place.Trimmed;
    }

    private static ResolvedStart gone(RunLocation location, RunReader reader, RunCursor cursor) {
        long end = location.latest().sequence();
        RunCursor last = location.latestCursor(cursor.epoch());
        List<Delivery> first = cursor.sequence() < end
                ? List.of(new Delivery.Gap(cursor.sequence() + 1, end), new Delivery.End(last))
                : List.of();
        return new ResolvedStart(reader, cursor, first, true);
    }
}
