package io.tailrace.worker.claim;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Mark;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.reading.Fence.Verdict;
import io.tailrace.worker.attempt.AttemptId;
import io.tailrace.worker.position.PositionReader;
import io.tailrace.worker.position.PositionReader.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Reads a stage's chapter up to an attempt's own claim, and judges by the {@link Fence} whether that made the worker the holder. Safe
 * from any thread; blocks for as long as it takes to read what the partition got while the request was waiting.
 *
 * <p>A request says: as far as the coordinator had read, nobody holds this attempt. So nothing of the stage before that matters, and
 * everything after it does. How far the coordinator had read is told by the chapter's position when the stage is new, and by the request's
 * time, less {@link #COORDINATOR_LAG}, when it is repeated or a later attempt.
 */
public final class LookBack {

    /** A coordinator that has read less than the log had so long ago has not dispatched anything. */
    static final Duration COORDINATOR_LAG = Duration.ofMinutes(10);

    /** Fewer records than this are read faster than the broker is asked for an offset. */
    private static final int RECORDS_READ_IN_NO_TIME = 500;

    /** What the chapter says about a claim. */
    public enum Standing {
        /** It made its worker the holder. */
        HOLDS,
        /** Somebody else holds the stage, it has ended, or the claim is not in the log: it was cut off. */
        VOID,
        /** The reading was given up. */
        UNKNOWN
    }

    /**
     * A claim that the log has taken.
     *
     * @param requestedAt the broker's time of the request that was delivered
     * @param chapterFrom nothing of the stage lies before it
     */
    public record Claim(AttemptId id, LogPosition position, Instant requestedAt, LogPosition chapterFrom) {}

    private final PositionReader reader;

    /** A look-back through this reader, which stays the caller's. */
    public LookBack(PositionReader reader) {
        this.reader = reader;
    }

    /**
     * Whether the claim made its worker the holder.
     *
     * @param giveUp asked at each record
     * @param released gets each record by which an earlier attempt gave the stage back, as far as the chapter is read
     * @throws org.apache.kafka.common.KafkaException when the log cannot be read
     */
    public Standing standing(Claim claim, BooleanSupplier giveUp, Consumer<Found> released) {
        long from = startOf(claim);
        Chapter chapter = new Chapter(claim, from <= claim.chapterFrom().offset());
        LogPosition start =
                new LogPosition(claim.position().topic(), claim.position().partition(), from);
        reader.scan(start, claim.position().offset() + 1, found -> {
            chapter.take(found);
            if (chapter.isReleased(found)) {
                released.accept(found);
            }
            return !chapter.decided && !giveUp.getAsBoolean();
        });
        if (chapter.decided) {
            return chapter.holds ? Standing.HOLDS : Standing.VOID;
        }
        return giveUp.getAsBoolean() ? Standing.UNKNOWN : Standing.VOID;
    }

    private long startOf(Claim claim) {
        LogPosition position = claim.position();
        long chapter = Math.min(claim.chapterFrom().offset(), position.offset());
        if (position.offset() - chapter < RECORDS_READ_IN_NO_TIME) {
            return chapter;
        }
        OptionalLong recent = reader.firstSince(
                position.topic(), position.partition(), claim.requestedAt().minus(COORDINATOR_LAG));
        return Math.clamp(recent.orElse(chapter), chapter, position.offset());
    }

    /** What has been read of the chapter. */
    private static final class Chapter {
        private final Claim claim;
        private final boolean isWhole;
        private Fence fence = Fence.OPEN;
        private Optional<Attempt> highestClaim = Optional.empty();
        private boolean decided;
        private boolean holds;

        private Chapter(Claim claim, boolean isWhole) {
            this.claim = claim;
            this.isWhole = isWhole;
        }

        private void take(Found found) {
            boolean own = found.position().offset() == claim.position().offset();
            found.headers()
                    .filter(it -> it.stage().equals(Optional.of(claim.id().stage())))
                    .ifPresent(headers -> {
                        if (own) {
                            holds = isTheClaim(headers) && fence.judge(headers).verdict() == Verdict.CLAIMS;
                        } else {
                            takeEarlier(headers);
                        }
                    });
            decided |= own;
        }

        private boolean isReleased(Found found) {
            return found.headers()
                    .filter(it -> it.type().equals(EventType.ATTEMPT_RELEASED.wireName())
                            && it.stage().equals(Optional.of(claim.id().stage())))
                    .isPresent();
        }

        private void takeEarlier(EventHeaders headers) {
            // Of claims of the same attempt the first counts, and whoever writes as that attempt has claimed it.
            decided = isWrittenBy(headers, claim.id().attempt());
            if (isWhole) {
                fence = fence.judge(headers).next();
                decided |= fence.ended();
            } else {
                decided |= perhapsEnds(headers);
            }
        }

        /** Whether it may have ended the stage, for all that can be said without the chapter's beginning. A doubt costs an attempt. */
        private boolean perhapsEnds(EventHeaders headers) {
            return switch (headers.mark()) {
                case ABORT -> true;
                case TERMINAL -> highestClaim.isEmpty() || isWrittenBy(headers, highestClaim.get());
                case CLAIM -> {
                    highestClaim = headers.attempt()
                            .filter(it -> highestClaim.isEmpty() || it.compareTo(highestClaim.get()) > 0)
                            .or(() -> highestClaim);
                    yield false;
                }
                case NONE, CHAPTER_OPEN, CHAPTER_CLOSE, RUN_END -> false;
            };
        }

        private static boolean isWrittenBy(EventHeaders headers, Attempt atLeast) {
            return headers.attempt().filter(it -> it.compareTo(atLeast) >= 0).isPresent();
        }

        private boolean isTheClaim(EventHeaders headers) {
            return headers.mark() == Mark.CLAIM
                    && headers.attempt().equals(Optional.of(claim.id().attempt()))
                    && headers.worker().equals(Optional.of(claim.id().worker()));
        }
    }
}
