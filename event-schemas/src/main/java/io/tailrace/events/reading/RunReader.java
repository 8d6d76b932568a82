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
    private @Nullable OpenChapter chapter;
    private Optional<RunCursor.InChapter> leftAt = Optional.empty();
    private @Nullable Skipped skipped;
    private boolean ended;
    private long voidRecords;
    private long miscounts;

    /**
     * Why numbering is being looked for again on the spine: part of it, or of the chapter that was being read, is gone.
     * With {@code stage}, its chapter was about to be read from its beginning and the partition now starts at
     * {@code logStart}; whether it lost anything only its closing tells.
     */
    private record Skipped(Optional<StageId> stage, Topic topic, long logStart, long returnTo) {
        static final Skipped FOR_GOOD = new Skipped(Optional.empty(), Topic.RUN_EVENTS, 0, 0);
    }

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
        OpenChapter opened = new OpenChapter(opening, spineLast);
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
            leave(opened);
        }
        return true;
    }

    /** The place within a chapter stays part of the cursor until the spine has gone on. */
    private void leave(OpenChapter open) {
        leftAt = open.place();
        chapter = null;
    }

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
        reader.leftAt = cursor.chapter();
        reader.skipped = Skipped.FOR_GOOD;
        return reader;
    }

    /** The partition and offset to read on from. Records of other runs there are not for this reader. */
    public LogPosition next() {
        OpenChapter open = chapter;
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
        OpenChapter open = chapter;
        Optional<RunCursor.InChapter> place = open == null ? leftAt : open.place();
        return new RunCursor(epoch, partition, run.check(), spineLast, place, lastEventId, sequence, lastIndex);
    }

    /** Nothing of the run lies before this offset in the partition that is being read. */
    public void advanceTo(long offset) {
        OpenChapter open = chapter;
        if (open == null) {
            spineNext = Math.max(spineNext, offset);
        } else {
            open.next = Math.max(open.next, offset);
            giveUpIfSpent(open);
        }
    }

    /**
     * Where on the spine the closing of the open chapter is to be looked for: empty if no chapter is open, or its closing
     * is known. What is found from there on is given to {@link #ahead}. A reader that is told of a closing reads the same
     * as one that is not, as long as the log is whole; where the chapter cannot give what its closing promises, only the
     * former goes on.
     */
    public Optional<LogPosition> lookAhead() {
        OpenChapter open = chapter;
        return open == null
                ? Optional.empty()
                : open.aheadNext().map(it -> new LogPosition(Topic.RUN_EVENTS, partition, it));
    }

    /** Takes the run's next record of the spine from {@link #lookAhead} on; its place in the order is still to come. */
    public void ahead(LogRecord record) {
        OpenChapter open = chapter;
        if (record.topic() != Topic.RUN_EVENTS || !record.run().equals(run)) {
            throw new IllegalArgumentException(record.position() + " is not on the spine of " + run);
        }
        if (open != null) {
            open.ahead(record);
            giveUpIfSpent(open);
        }
    }

    /** The spine was looked at up to this offset, exclusive. */
    public void aheadTo(long offset) {
        OpenChapter open = chapter;
        if (open != null) {
            open.aheadTo(offset);
        }
    }

    /** The offset of the open chapter's last record, where its closing is known. */
    public Optional<Long> chapterEnd() {
        OpenChapter open = chapter;
        return open == null ? Optional.empty() : open.lastOffset();
    }

    /**
     * The partition that is being read ends before {@link #chapterEnd}, and did so when the closing was already known: it
     * was cut off. The reader goes on at the closing, after a gap.
     */
    public void lost() {
        OpenChapter open = chapter;
        if (open != null && open.isClosed()) {
            giveUp(open);
        }
    }

    private void giveUpIfSpent(OpenChapter open) {
        if (open.isSpent(sequence)) {
            giveUp(open);
        }
    }

    private void giveUp(OpenChapter open) {
        leave(open);
        skipped = Skipped.FOR_GOOD;
    }

    /**
     * Retention has taken what lies before {@code logStart} in the partition that is being read. Call it when
     * {@link #next()} is below that; the reader then goes on where something is left.
     */
    public void trimmed(long logStart) {
        OpenChapter open = chapter;
        if (open == null) {
            spineNext = Math.max(spineNext, logStart);
            if (skipped == null) {
                skipped = Skipped.FOR_GOOD;
            }
            return;
        }
        leave(open);
        // Before its first record was read the chapter may still be whole: its closing tells where it begins.
        skipped = open.fence.equals(Fence.OPEN) && !open.isClosed()
                ? new Skipped(Optional.of(open.stage), open.topic, logStart, spineNext)
                : Skipped.FOR_GOOD;
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
        OpenChapter open = chapter;
        return open == null ? acceptSpine(record) : acceptChapter(open, record);
    }

    private List<ReadItem> acceptSpine(LogRecord record) {
        spineNext = record.offset() + 1;
        EventHeaders headers = record.headers();
        if (headers.count() == 0) {
            return List.of();
        }
        if (skipped != null && (headers.runSequence().isEmpty() || returnsToChapter(headers))) {
            return List.of();
        }
        Optional<ReadItem> gap = headers.runSequence().flatMap(this::adopt);
        skipped = null;
        leftAt = Optional.empty();
        spineLast = record.offset();
        if (headers.mark() == Mark.CHAPTER_OPEN) {
            chapter = new OpenChapter(headers, record.offset());
        }
        ended = headers.mark() == Mark.RUN_END;
        ReadItem.Numbered numbered = number(record, Optional.empty());
        return gap.isPresent() ? List.of(gap.get(), numbered) : List.of(numbered);
    }

    /** The coordinator's number is the right one; but nobody who has been given a number is given it again. */
    private Optional<ReadItem> adopt(long runSequence) {
        long from = sequence + 1;
        if (runSequence < from || (runSequence > from && skipped == null)) {
            miscounts++;
        }
        sequence = Math.max(sequence, runSequence - 1);
        return from <= sequence ? Optional.of(new ReadItem.Gap(from, sequence)) : Optional.empty();
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
        chapter = new OpenChapter(why.stage.get(), why.topic, range.firstOffset(), spineLast);
        return true;
    }

    private List<ReadItem> acceptChapter(OpenChapter open, LogRecord record) {
        open.next = record.offset();
        if (open.isSpent(sequence)) {
            giveUp(open);
            return List.of();
        }
        open.next = record.offset() + 1;
        List<ReadItem> items = judged(open, record);
        if (chapter == open) {
            giveUpIfSpent(open);
        }
        return items;
    }

    private List<ReadItem> judged(OpenChapter open, LogRecord record) {
        EventHeaders headers = record.headers();
        if (!headers.stage().equals(Optional.of(open.stage))) {
            return List.of();
        }
        Fence.Judgment judgment = open.fence.judge(headers);
        if (!judgment.counts()) {
            voidRecords++;
            return List.of();
        }
        if (open.exceeds(sequence, headers.count())) {
            giveUp(open);
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
        List<ReadItem> items = shown ? List.of(number(record, supersedesFrom)) : List.of();
        if (judgment.verdict() == Verdict.ENDS) {
            leave(open);
        }
        return items;
    }

    private ReadItem.Numbered number(LogRecord record, Optional<Long> supersedesFrom) {
        long first = sequence + 1;
        sequence += record.headers().count();
        lastEventId = record.headers().eventId().prefix();
        lastIndex = record.headers().count();
        return new ReadItem.Numbered(record, first, supersedesFrom, cursor());
    }
}
