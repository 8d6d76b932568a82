package io.tailrace.events.reading;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.EventHeaders;
import java.util.Optional;

/**
 * Decides, for one stage in the order of its topic, which records count. The holder is the first claim with a higher
 * attempt number than the holder before; a record counts only if it is the holder's and its attempt sequence is the
 * last one plus 1; the stage ends with the holder's terminal record or with the coordinator's abort. Every other record
 * is void. A claim is also told apart by its worker, so that of two workers with the same attempt only the first
 * counts.
 *
 * <p>Immutable. Gateway, coordinator and workers judge by this class alone. The idea is the fencing token of
 * distributed locks, with the log itself as the lock service.
 *
 * @param holder who holds the stage
 * @param lastSequence the attempt sequence of the holder's last counting record
 * @param ended whether a record has ended the stage
 */
@AvroName(namespace = "io.tailrace.events.reading")
public record Fence(Optional<Holder> holder, long lastSequence, boolean ended) {

    /** Who holds a stage. */
    public record Holder(Attempt attempt, WorkerId worker) {}

    /** What a record is to its stage. */
    public enum Verdict {
        /** It makes its writer the holder. */
        CLAIMS,
        /** It is the holder's next record. */
        COUNTS,
        /** It counts, and nothing after it does. */
        ENDS,
        /** It is no part of anything. */
        VOID
    }

    /** A verdict, and the fence as it stands after the record. */
    public record Judgment(Verdict verdict, Fence next) {
        /** Whether the record is part of the stage. */
        public boolean counts() {
            return verdict != Verdict.VOID;
        }
    }

    /** A stage that nobody has claimed yet. */
    public static final Fence OPEN = new Fence(Optional.empty(), 0, false);

    /** The fence right after a record of which it is known that it counted (and, unless it ended the stage, its holder). */
    public static Fence after(EventHeaders counted) {
        return switch (counted.mark()) {
            case ABORT -> new Fence(Optional.empty(), 0, true);
            case TERMINAL -> new Fence(holderOf(counted), counted.attemptSequence(), true);
            case NONE, CLAIM, CHAPTER_OPEN, CHAPTER_CLOSE, RUN_END ->
                new Fence(holderOf(counted), counted.attemptSequence(), false);
        };
    }

    /** Judges the stage's next record. The caller has seen to it that the record is of this stage. */
    public Judgment judge(EventHeaders record) {
        if (ended) {
            return new Judgment(Verdict.VOID, this);
        }
        return switch (record.mark()) {
            case ABORT -> new Judgment(Verdict.ENDS, new Fence(holder, lastSequence, true));
            case CLAIM -> claim(record);
            case TERMINAL -> isNext(record) ? counted(Verdict.ENDS, record, true) : voided();
            case NONE -> isNext(record) ? counted(Verdict.COUNTS, record, false) : voided();
            case CHAPTER_OPEN, CHAPTER_CLOSE, RUN_END -> voided();
        };
    }

    private Judgment claim(EventHeaders record) {
        Optional<Holder> claimant = holderOf(record);
        boolean higher = claimant.isPresent()
                && (holder.isEmpty()
                        || claimant.get().attempt().compareTo(holder.get().attempt()) > 0);
        return higher && record.attemptSequence() == 1
                ? new Judgment(Verdict.CLAIMS, new Fence(claimant, 1, false))
                : voided();
    }

    private boolean isNext(EventHeaders record) {
        return holder.isPresent() && holder.equals(holderOf(record)) && record.attemptSequence() == lastSequence + 1;
    }

    private Judgment counted(Verdict verdict, EventHeaders record, boolean ends) {
        return new Judgment(verdict, new Fence(holder, record.attemptSequence(), ends));
    }

    private Judgment voided() {
        return new Judgment(Verdict.VOID, this);
    }

    private static Optional<Holder> holderOf(EventHeaders record) {
        return record.attempt().flatMap(attempt -> record.worker().map(worker -> new Holder(attempt, worker)));
    }
}
