package io.tailrace.gateway.chat;

import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.log.RunFeeds;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.LogUnreadable;
import io.tailrace.runlog.RunFeed;
import io.tailrace.runlog.RunLocation;
import io.tailrace.runlog.RunLog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads conversations out of the log, as it is when it is asked. Blocks, bounded; for virtual threads. Thread-safe. */
final class ConversationLog {
    private static final Duration STALLED_AFTER = Duration.ofSeconds(5);
    private static final Duration WITHIN = Duration.ofSeconds(20);

    private final RunFeeds feeds;
    private final RunLog log;
    private final EventDecoder decoder;

    ConversationLog(RunFeeds feeds, RunLog log, EventDecoder decoder) {
        this.feeds = feeds;
        this.log = log;
        this.decoder = decoder;
    }

    /**
     * Gives a transcript what it needs.
     *
     * @return the cursor from which a stream goes on with what is not in the transcript yet
     * @throws RunProblem {@code log_unreadable}
     */
    RunCursor fill(Transcript transcript, RunView run) throws InterruptedException {
        try (RunFeed feed = feeds.fromBeginning(run, RunLog.Until.NOW)) {
            OptionalLong opening = read(feed, transcript);
            if (opening.isPresent() && !transcript.isComplete()) {
                heldUp(RunLocation.of(run), opening.getAsLong(), transcript);
            }
            return feed.cursor();
        } catch (LogUnreadable e) {
            throw RunProblem.logUnreadable(e);
        }
    }

    /** Returns where the chapter was opened that is open at the end, if one is. */
    private OptionalLong read(RunFeed feed, Transcript transcript) throws InterruptedException {
        long began = System.nanoTime();
        OptionalLong opening = OptionalLong.empty();
        while (!feed.isOver() && !transcript.isComplete()) {
            List<Delivery> batch = feed.next(STALLED_AFTER);
            if (batch.isEmpty() && !feed.isOver()) {
                throw RunProblem.logUnreadable(new LogUnreadable("it gave nothing for " + STALLED_AFTER));
            }
            for (Delivery delivery : batch) {
                if (delivery instanceof Delivery.Events events) {
                    LogRecord record = events.item().record();
                    take(record, events.firstSequence(), transcript);
                    if (record.topic() == Topic.RUN_EVENTS) {
                        opening = record.headers().mark() == Mark.CHAPTER_OPEN
                                ? OptionalLong.of(record.offset())
                                : OptionalLong.empty();
                    }
                }
            }
            if (System.nanoTime() - began > WITHIN.toNanos()) {
                throw RunProblem.logUnreadable(new LogUnreadable("the chat cannot be read within " + WITHIN));
            }
        }
        return opening;
    }

    /** What the spine got while a chapter is open has its place after it: turns that wait, and those that wait no more. */
    private void heldUp(RunLocation spot, long opening, Transcript transcript)
            throws LogUnreadable, InterruptedException {
        log.spine(spot, OptionalLong.of(opening + 1), record -> {
            boolean isLater = record.headers().mark() == Mark.CHAPTER_CLOSE;
            if (!isLater) {
                take(record, 0, transcript);
            }
            return !isLater;
        });
    }

    /**
     * One turn as the spine has it: without what was written in its chapter.
     *
     * @param from an offset of run-events before which the turn cannot have been submitted; empty if that is not known
     * @throws RunProblem {@code log_unreadable}
     */
    Optional<TurnFold> find(RunView run, TurnId turn, OptionalLong from) throws InterruptedException {
        Transcript transcript = new Transcript(new Selection.One(turn));
        try {
            log.spine(RunLocation.of(run), from, record -> {
                take(record, record.headers().runSequence().orElse(0L), transcript);
                return !transcript.isComplete();
            });
        } catch (LogUnreadable e) {
            throw RunProblem.logUnreadable(e);
        }
        return transcript.turn(turn);
    }

    private void take(LogRecord record, long sequence, Transcript transcript) {
        if (transcript.wants(record.headers())) {
            decoder.decode(record)
                    .ifPresent(event -> transcript.accept(TranscriptEvent.of(sequence, record.headers(), event)));
        }
    }
}
