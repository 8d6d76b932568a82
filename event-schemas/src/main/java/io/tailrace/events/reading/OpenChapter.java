package io.tailrace.events.reading;

import io.tailrace.events.id.StageId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.Topic;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A chapter that is being read, with what the spine is known to have after its opening. Confined to one thread. */
final class OpenChapter {
    final StageId stage;
    final Topic topic;
    long next;
    Fence fence = Fence.OPEN;
    long last = RunCursor.NOTHING;
    long holderOffset = RunCursor.NOTHING;
    long holderSequence;
    private long aheadNext;
    private long meanwhile;
    private @Nullable Closing closing;

    /**
     * What bounds a chapter: the first record of the spine that carries a number, which the coordinator gives only when no
     * chapter is open.
     *
     * @param range where the chapter lies; empty if the spine has gone on without closing it
     * @param lastSequence the sequence of the chapter's last event, as the coordinator counted
     */
    private record Closing(Optional<ChapterRange> range, long lastSequence) {}

    /** @param openedAt the offset of its opening on the spine */
    OpenChapter(EventHeaders opening, long openedAt) {
        LogPosition from = opening.chapterFrom().orElseThrow();
        this.stage = opening.stage().orElseThrow();
        this.topic = from.topic();
        this.next = from.offset();
        this.aheadNext = openedAt + 1;
    }

    /** Another look at a chapter that turned out to be whole, from its first record on. */
    OpenChapter(StageId stage, Topic topic, long next, long openedAt) {
        this.stage = stage;
        this.topic = topic;
        this.next = next;
        this.aheadNext = openedAt + 1;
    }

    /** From where on the spine has not been looked at yet; empty when the chapter's bounds are known. */
    Optional<Long> aheadNext() {
        return closing == null ? Optional.of(aheadNext) : Optional.empty();
    }

    /** Nothing of the run that was not given to {@link #ahead} lies on the spine before this offset. */
    void aheadTo(long offset) {
        aheadNext = Math.max(aheadNext, offset);
    }

    /** Takes the next record of the spine after the opening. */
    void ahead(LogRecord record) {
        if (closing != null || record.offset() < aheadNext) {
            return;
        }
        aheadNext = record.offset() + 1;
        EventHeaders headers = record.headers();
        if (headers.count() == 0) {
            return;
        }
        if (headers.runSequence().isEmpty()) {
            meanwhile += headers.count();
            return;
        }
        boolean own = headers.mark() == Mark.CHAPTER_CLOSE && headers.stage().equals(Optional.of(stage));
        closing = new Closing(
                own ? headers.chapterRange() : Optional.empty(),
                headers.runSequence().get() - 1 - meanwhile);
        if (own && fence.equals(Fence.OPEN)) {
            next = headers.chapterRange().orElseThrow().firstOffset();
        }
    }

    /** Whether the spine is known to have closed it: nothing can be added to it any more. */
    boolean isClosed() {
        return closing != null;
    }

    /** The offset of its last record, where the spine has closed it and says so. */
    Optional<Long> lastOffset() {
        return closing == null ? Optional.empty() : closing.range.map(ChapterRange::lastOffset);
    }

    /** Whether it is known that nothing more of it can be read, though the end of its stage was not. */
    boolean isSpent(long sequence) {
        return closing != null
                && (closing.range.isEmpty()
                        || next > closing.range.get().lastOffset()
                        || sequence >= closing.lastSequence);
    }

    /** Whether the coordinator cannot have counted so many events more. */
    boolean exceeds(long sequence, int count) {
        return closing != null && sequence + count > closing.lastSequence;
    }

    /** The place of the last record that was shown. */
    Optional<RunCursor.InChapter> place() {
        return last < 0 ? Optional.empty() : Optional.of(new RunCursor.InChapter(last, holderOffset, holderSequence));
    }
}
