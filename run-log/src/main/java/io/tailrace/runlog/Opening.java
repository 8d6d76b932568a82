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
record Opening(RunReader reader, RunCursor cursor, List<Delivery> first, boolean over) {

    /** Looks a start up in the log. {@code epoch} is the log's. */
    static Opening of(RunSpot spot, Start start, long epoch, LogSource source)
            throws CursorRefused, LogUnreadable, InterruptedException {
        return switch (start) {
            case Start.FromBeginning _ -> fromBeginning(spot, epoch, List.of(), source);
            case Start.After after -> after(spot, after.cursor(), epoch, source);
            case Start.Now _ -> latest(spot, epoch, source);
            case Start.Unproven unproven ->
                reset(spot, unproven.claimed().epoch() == epoch ? ResetReason.KEY : ResetReason.EPOCH, epoch, source);
        };
    }

    /** At the last record that the catalogue knows: a good place to begin to look for 'now'. */
    private static Opening latest(RunSpot spot, long epoch, LogSource source)
            throws LogUnreadable, InterruptedException {
        try {
            Opening opening = after(spot, spot.latestCursor(epoch), epoch, source);
            if (opening.first.stream().noneMatch(Delivery.Reset.class::isInstance)) {
                return opening;
            }
        } catch (CursorRefused _) {
            // The catalogue is of another log than the one that is there now.
        }
        return fromBeginning(spot, epoch, List.of(), source);
    }

    private static Opening after(RunSpot spot, RunCursor cursor, long epoch, LogSource source)
            throws CursorRefused, LogUnreadable, InterruptedException {
        if (!cursor.isOf(spot.run())) {
            throw CursorRefused.ofAnotherRun();
        }
        if (cursor.epoch() != epoch) {
            return reset(spot, ResetReason.EPOCH, epoch, source);
        }
        if (cursor.partition() != spot.partition()) {
            throw CursorRefused.contradictory("it names another partition than the run's");
        }
        if (cursor.sequence() > EventHeaders.MAX_SEQUENCE) {
            throw CursorRefused.contradictory("its sequence is higher than any run's");
        }
        if (cursor.isBeforeFirst()) {
            return fromBeginning(spot, epoch, List.of(), source);
        }
        Place spine = source.at(spot.run(), new LogPosition(Topic.RUN_EVENTS, spot.partition(), cursor.spineOffset()));
        return switch (spine) {
            case Place.Beyond _ -> reset(spot, ResetReason.BEYOND_END, epoch, source);
            case Place.Other _ -> reset(spot, ResetReason.REWRITTEN, epoch, source);
            case Place.Trimmed trimmed -> trimmed(spot, cursor, Optional.empty(), trimmed.logStart(), source);
            case Place.Present present -> afterSpine(spot, cursor, present.record(), epoch, source);
        };
    }

    private static Opening afterSpine(RunSpot spot, RunCursor cursor, LogRecord spine, long epoch, LogSource source)
            throws CursorRefused, LogUnreadable, InterruptedException {
        if (cursor.chapter().isEmpty()) {
            return resumed(spot, cursor, spine, Optional.empty(), epoch, source);
        }
        Optional<LogPosition> chapter = spine.headers().chapterFrom();
        if (chapter.isEmpty()) {
            return reset(spot, ResetReason.REWRITTEN, epoch, source);
        }
        LogPosition last = new LogPosition(
                chapter.get().topic(), spot.partition(), cursor.chapter().get().lastOffset());
        return switch (source.at(spot.run(), last)) {
            case Place.Beyond _ -> reset(spot, ResetReason.BEYOND_END, epoch, source);
            case Place.Other _ -> reset(spot, ResetReason.REWRITTEN, epoch, source);
            case Place.Trimmed trimmed -> trimmed(spot, cursor, Optional.of(spine), trimmed.logStart(), source);
            case Place.Present present -> resumed(spot, cursor, spine, Optional.of(present.record()), epoch, source);
        };
    }

    private static Opening resumed(
            RunSpot spot,
            RunCursor cursor,
            LogRecord spine,
            Optional<LogRecord> inChapter,
            long epoch,
            LogSource source)
            throws CursorRefused, LogUnreadable, InterruptedException {
        Optional<RunReader> reader = RunReader.resume(spot.run(), cursor, spine, inChapter);
        if (reader.isEmpty()) {
            return reset(spot, ResetReason.REWRITTEN, epoch, source);
        }
        Optional<Long> counted = spine.headers().runSequence();
        boolean credible = counted.isEmpty()
                || (inChapter.isEmpty() ? cursor.sequence() == counted.get() : cursor.sequence() > counted.get());
        if (!credible) {
            // The record is the cursor's, its number is not: what lies before it is not what it was.
            return reset(spot, ResetReason.REWRITTEN, epoch, source);
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
        return new Opening(reader.get(), cursor, first, reader.get().hasEnded() && rest == 0);
    }

    private static Opening trimmed(
            RunSpot spot, RunCursor cursor, Optional<LogRecord> spine, long logStart, LogSource source)
            throws LogUnreadable, InterruptedException {
        RunReader reader = RunReader.resumeTrimmed(spot.run(), cursor, spine, logStart);
        return spine.isEmpty() && isGone(spot, source)
                ? gone(spot, reader, cursor)
                : new Opening(reader, cursor, List.of(), false);
    }

    private static Opening reset(RunSpot spot, ResetReason reason, long epoch, LogSource source)
            throws LogUnreadable, InterruptedException {
        RunCursor start = RunCursor.beforeFirst(epoch, spot.partition(), spot.run());
        return fromBeginning(spot, epoch, List.of(new Delivery.Reset(reason, start)), source);
    }

    /** Where the catalogue says that the run begins, if the log agrees; else where the log begins. */
    private static Opening fromBeginning(RunSpot spot, long epoch, List<Delivery> first, LogSource source)
            throws LogUnreadable, InterruptedException {
        RunId run = spot.run();
        RunCursor start = RunCursor.beforeFirst(epoch, spot.partition(), run);
        Place place = firstPlace(spot, source);
        RunReader reader = RunReader.fromStart(run, spot.partition(), epoch, beginning(spot, place));
        if (place instanceof Place.Trimmed && isGone(spot, source)) {
            Opening gone = gone(spot, reader, start);
            return new Opening(
                    reader,
                    start,
                    Stream.concat(first.stream(), gone.first.stream()).toList(),
                    true);
        }
        return new Opening(reader, start, first, false);
    }

    private static Place firstPlace(RunSpot spot, LogSource source) throws LogUnreadable, InterruptedException {
        return source.at(spot.run(), new LogPosition(Topic.RUN_EVENTS, spot.partition(), spot.firstOffset()));
    }

    private static long beginning(RunSpot spot, Place first) {
        boolean asKnown = switch (first) {
            case Place.Present present ->
                present.record().headers().runSequence().equals(Optional.of(1L));
            case Place.Trimmed _ -> true;
            case Place.Other _, Place.Beyond _ -> false;
        };
        return asKnown ? spot.firstOffset() : 0;
    }

    /** An offset of run-events with nothing of the run before it. */
    static long beginning(RunSpot spot, LogSource source) throws LogUnreadable, InterruptedException {
        return beginning(spot, firstPlace(spot, source));
    }

    /** Whether retention has taken even the last record of a run that has ended. */
    private static boolean isGone(RunSpot spot, LogSource source) throws LogUnreadable, InterruptedException {
        LogPosition last = new LogPosition(
                Topic.RUN_EVENTS, spot.partition(), spot.latest().offset());
        return spot.ended() && source.at(spot.run(), last) instanceof Place.Trimmed;
    }

    private static Opening gone(RunSpot spot, RunReader reader, RunCursor cursor) {
        long end = spot.latest().sequence();
        RunCursor last = spot.latestCursor(cursor.epoch());
        List<Delivery> first = cursor.sequence() < end
                ? List.of(new Delivery.Gap(cursor.sequence() + 1, end), new Delivery.End(last))
                : List.of();
        return new Opening(reader, cursor, first, true);
    }
}
