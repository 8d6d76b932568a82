package io.tailrace.events.reading;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.Fence.Verdict;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one run like a book: run-events is the spine, each {@link Mark#CHAPTER_OPEN} opens a chapter in the stage's
 * topic, the chapter ends with the record that ends its stage, and the spine goes on. It follows exactly one partition
 * at a time: {@link #next()} says which, {@link #accept} takes the run's next record of it. So the order depends on
 * nothing but the log.
 *
 * <p>Pure: no I/O, no clock. Confined to one thread at a time.
 */
public final class RunReader {
    private final RunId run;
    private final int partition;
    private final long epoch;

    private long spineNext;
    private long spineLast = RunCursor.NOTHING;
    private long sequence;
    private int lastEventId;
    private int lastIndex;
    private @Nullable Chapter chapter;
    private @Nullable Skipped skipped;
    private boolean ended;
    private long voidRecords;
    private long miscounts;

    /** An open chapter. Its last counting record's offset is below zero until there is one. */
    private static final class Chapter {
        final StageId stage;
        final Topic topic;
        long next;
        Fence fence = Fence.OPEN;
        long last = RunCursor.NOTHING;
        long holderOffset = RunCursor.NOTHING;
        long holderSequence;

        Chapter(StageId stage, Topic topic, long next) {
            this.stage = stage;
            this.topic = topic;
            this.next = next;
        }
    }

    /**
     * Why numbering is being looked for again on the spine: part of it, or the chapter that was being read, has been
     * trimmed. With {@code stage}, its chapter was about to be read from its beginning and the partition now starts at
     * {@code logStart}; whether it lost anything only its closing tells.
     */
    private record Skipped(Optional<StageId> stage, Topic topic, long logStart, long returnTo) {}

    private RunReader(RunId run, int partition, long epoch, long spineNext) {
        this.run = run;
        this.partition = partition;
        this.epoch = epoch;
        this.spineNext = spineNext;
    }

    /**
     * A reader of a run from its first event.
     *
     * @param epoch the log epoch that its cursors carry
     * @param spineFrom an offset of run-events with nothing of the run before it
     */
    public static RunReader fromStart(RunId run, int partition, long epoch, long spineFrom) {
        return new RunReader(run, partition, epoch, spineFrom);
    }

    /**
     * A reader that continues after a cursor whose records have been read back.
     *
     * @param spine the record at the cursor's spine offset
     * @param inChapter the record at the cursor's chapter offset, where it has one
     * @return nothing if the records are not those that the cursor was made at: the log was rewritten
     */
    public static Optional<RunReader> resume(
            RunId run, RunCursor cursor, LogRecord spine, Optional<LogRecord> inChapter) {
        LogRecord last = inChapter.orElse(spine);
        boolean same = last.headers().eventId().prefix() == cursor.eventIdPrefix()
                && spine.run().equals(run)
                && last.run().equals(run)
                && cursor.index() >= 1
                && cursor.index() <= last.headers().count()
                && inChapter.isPresent() == cursor.chapter().isPresent();
        if (!same) {
            return Optional.empty();
        }
        RunReader reader = new RunReader(run, cursor.partition(), cursor.epoch(), spine.offset() + 1);
        reader.spineLast = spine.offset();
        reader.lastEventId = cursor.eventIdPrefix();
        reader.lastIndex = last.headers().count();
        reader.sequence = cursor.sequence() - cursor.index() + last.headers().count();
        reader.ended = spine.headers().mark() == Mark.RUN_END;
        if (spine.headers().mark() == Mark.CHAPTER_OPEN) {
            if (!reader.reopen(cursor, spine.headers(), inChapter)) {
                return Optional.empty();
            }
        } else if (inChapter.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(reader);
    }

    private boolean reopen(RunCursor cursor, EventHeaders opening, Optional<LogRecord> inChapter) {
        LogPosition from = opening.chapterFrom().orElseThrow();
        Chapter opened = new Chapter(opening.stage().orElseThrow(), from.topic(), from.offset());
        chapter = opened;
        if (inChapter.isEmpty()) {
            return true;
        }
        LogRecord last = inChapter.get();
        RunCursor.InChapter at = cursor.chapter().orElseThrow();
        if (!last.headers().stage().equals(Optional.of(opened.stage)) || last.topic() != opened.topic) {
            return false;
        }
        opened.fence = Fence.after(last.headers());
        opened.next = last.offset() + 1;
        opened.last = last.offset();
        opened.holderOffset = at.holderOffset();
        opened.holderSequence = at.holderSequence();
        if (opened.fence.ended()) {
            // The position within the ended chapter stays part of the cursor until the spine has gone on.
            endedChapter = opened;
            chapter = null;
        }
        return true;
    }

    /** The chapter that has just ended, as long as no later spine record was delivered: cursors still point into it. */
    private @Nullable Chapter endedChapter;

    /**
     * A reader that continues after a cursor whose records retention has taken.
     *
     * @param spine the record at the cursor's spine offset, if that is still there (then it opened a chapter that has
     *     lost its beginning or the cursor's place)
     * @param logStart the earliest offset of the partition that was trimmed
     */
    public static RunReader resumeTrimmed(RunId run, RunCursor cursor, Optional<LogRecord> spine, long logStart) {
        long spineNext = spine.map(it -> it.offset() + 1).orElse(logStart);
        RunReader reader = new RunReader(run, cursor.partition(), cursor.epoch(), spineNext);
        reader.sequence = cursor.sequence();
        reader.spineLast = cursor.spineOffset();
        reader.lastEventId = cursor.eventIdPrefix();
        reader.lastIndex = cursor.index();
        reader.skipped = new Skipped(Optional.empty(), Topic.RUN_EVENTS, logStart, spineNext);
        return reader;
    }

    /** The partition and offset to read on from. Records of other runs there are not for this reader. */
    public LogPosition next() {
        Chapter open = chapter;
        return open == null
                ? new LogPosition(Topic.RUN_EVENTS, partition, spineNext)
                : new LogPosition(open.topic, partition, open.next);
    }

    /** Whether the run's last event has been read: there is nothing to come. */
    public boolean hasEnded() {
        return ended;
    }

    /** The sequence of the last event read; 0 before the first. */
    public long sequence() {
        return sequence;
    }

    /** How many records of the run's stages the fence has voided so far. */
    public long voidRecords() {
        return voidRecords;
    }

    /** How many spine records carried another number than counted here; anything but 0 is a defect. */
    public long miscounts() {
        return miscounts;
    }

    /** The stage whose chapter is open. */
    public Optional<StageId> openStage() {
        return Optional.ofNullable(chapter).map(it -> it.stage);
    }

    /** The cursor of the last event read. */
    public RunCursor cursor() {
        Chapter at = chapter != null ? chapter : endedChapter;
        Optional<RunCursor.InChapter> place = at == null || at.last < 0
                ? Optional.empty()
                : Optional.of(new RunCursor.InChapter(at.last, at.holderOffset, at.holderSequence));
        return new RunCursor(epoch, partition, run.check(), spineLast, place, lastEventId, sequence, lastIndex);
    }

    /** Nothing of the run lies before this offset in the partition that is being read. */
    public void advanceTo(long offset) {
        Chapter open = chapter;
        if (open == null) {
            spineNext = Math.max(spineNext, offset);
        } else {
            open.next = Math.max(open.next, offset);
        }
    }

    /**
     * Retention has taken what lies before {@code logStart} in the partition that is being read. Call it when
     * {@link #next()} is below that; the reader then goes on where something is left.
     */
    public void trimmed(long logStart) {
        Chapter open = chapter;
        if (open == null) {
            spineNext = Math.max(spineNext, logStart);
            if (skipped == null) {
                skipped = new Skipped(Optional.empty(), Topic.RUN_EVENTS, logStart, spineNext);
            }
            return;
        }
        chapter = null;
        // Before its first record was read the chapter may still be whole: its closing tells where it begins.
        Optional<StageId> perhapsWhole = open.last < 0 ? Optional.of(open.stage) : Optional.empty();
        skipped = new Skipped(perhapsWhole, open.topic, logStart, spineNext);
    }

    /**
     * Takes the run's next record of the partition that {@link #next()} named.
     *
     * @return what the record adds to the order: nothing, or it, or it after a gap
     * @throws IllegalArgumentException if the record is of another partition or lies before {@link #next()}
     */
    public List<ReadItem> accept(LogRecord record) {
        LogPosition next = next();
        if (record.topic() != next.topic()
                || record.position().partition() != next.partition()
                || record.offset() < next.offset()
                || !record.run().equals(run)) {
            throw new IllegalArgumentException(record.position() + " was given to a reader of " + run + " at " + next);
        }
        Chapter open = chapter;
        return open == null ? acceptSpine(record) : acceptChapter(open, record);
    }

    private List<ReadItem> acceptSpine(LogRecord record) {
        spineNext = record.offset() + 1;
        EventHeaders headers = record.headers();
        if (headers.count() == 0) {
            return List.of();
        }
        Optional<ReadItem> gap = Optional.empty();
        if (skipped != null) {
            if (headers.runSequence().isEmpty()) {
                return List.of();
            }
            if (returnsToChapter(headers)) {
                return List.of();
            }
            long from = sequence + 1;
            sequence = headers.runSequence().get() - 1;
            skipped = null;
            gap = from <= sequence ? Optional.of(new ReadItem.Gap(from, sequence)) : Optional.empty();
        }
        endedChapter = null;
        spineLast = record.offset();
        if (headers.runSequence().isPresent() && headers.runSequence().get() != sequence + 1) {
            miscounts++;
        }
        ReadItem.Numbered numbered;
        if (headers.mark() == Mark.CHAPTER_OPEN) {
            LogPosition from = headers.chapterFrom().orElseThrow();
            chapter = new Chapter(headers.stage().orElseThrow(), from.topic(), from.offset());
        }
        ended = headers.mark() == Mark.RUN_END;
        numbered = number(record, Optional.empty());
        return gap.isPresent() ? List.of(gap.get(), numbered) : List.of(numbered);
    }

    /** If the closing of a chapter shows that it is whole after all, goes back and reads it. */
    private boolean returnsToChapter(EventHeaders closing) {
        Skipped why = skipped;
        if (why == null || why.stage.isEmpty() || closing.mark() != Mark.CHAPTER_CLOSE) {
            return false;
        }
        ChapterRange range = closing.chapterRange().orElseThrow();
        if (!why.stage.equals(closing.stage()) || range.firstOffset() < why.logStart) {
            return false;
        }
        skipped = null;
        spineNext = why.returnTo;
        chapter = new Chapter(why.stage.get(), why.topic, range.firstOffset());
        return true;
    }

    private List<ReadItem> acceptChapter(Chapter open, LogRecord record) {
        open.next = record.offset() + 1;
        EventHeaders headers = record.headers();
        if (!headers.stage().equals(Optional.of(open.stage))) {
            return List.of();
        }
        Fence.Judgment judgment = open.fence.judge(headers);
        if (!judgment.counts()) {
            voidRecords++;
            return List.of();
        }
        open.fence = judgment.next();
        Optional<Long> supersedesFrom = Optional.empty();
        if (judgment.verdict() == Verdict.CLAIMS) {
            supersedesFrom = open.holderOffset < 0 ? Optional.empty() : Optional.of(open.holderSequence);
            open.holderOffset = record.offset();
            open.holderSequence = sequence + 1;
        }
        boolean shown = headers.count() > 0;
        if (shown) {
            open.last = record.offset();
        }
        if (judgment.verdict() == Verdict.ENDS) {
            endedChapter = open;
            chapter = null;
        }
        return shown ? List.of(number(record, supersedesFrom)) : List.of();
    }

    private ReadItem.Numbered number(LogRecord record, Optional<Long> supersedesFrom) {
        long first = sequence + 1;
        sequence += record.headers().count();
        lastEventId = record.headers().eventId().prefix();
        lastIndex = record.headers().count();
        return new ReadItem.Numbered(record, first, supersedesFrom, cursor());
    }
}
