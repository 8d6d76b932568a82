package io.tailrace.events.reading;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.BuildReason;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.LineEnd;
import io.tailrace.events.stage.StageFact;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Writes the log of one run by a script and, independently of the classes under test, notes down what everybody should
 * read. Offsets have gaps, as if other runs wrote in between.
 */
final class History {
    static final RunId RUN = new RunId("r-history");
    static final int PARTITION = 3;
    static final long EPOCH = 42;

    /** One record that counts: its id, the sequence of its first event, how many it has. */
    record Expected(EventId id, long firstSequence, int count) {}

    /**
     * What is known of a finished stage, to tell what becomes of it when its records are lost.
     *
     * @param counting the offsets of the records that count
     * @param shown what is expected of those that are shown, by offset
     * @param after the sequence of the last event before its closing
     */
    record Told(StageId stage, List<Long> counting, SortedMap<Long, Expected> shown, long after) {}

    final List<Told> told = new ArrayList<>();
    final List<LogRecord> spine = new ArrayList<>();
    final List<LogRecord> chapters = new ArrayList<>();
    final List<Expected> expected = new ArrayList<>();

    private final List<Expected> afterChapter = new ArrayList<>();
    private List<Long> counting = new ArrayList<>();
    private SortedMap<Long, Expected> shown = new TreeMap<>();
    private int expectedBeforeChapter;
    private long sequenceBeforeChapter;
    private long spineOffset = 5;
    private long chapterOffset = 11;
    private long sequence;
    private long ids;
    private int stageNumber;
    private int holder;
    private int dispatched;
    private long attemptSequence;
    private long firstCounting = -1;
    private long lastCounting = -1;
    private boolean open;
    private boolean repeated;
    private boolean stageEnded;

    History() {
        spine(Optional.empty(), new RunFact.RunStarted(1), true);
    }

    /** Whether a stage was requested twice. */
    boolean isRepeated() {
        return repeated;
    }

    boolean isOpen() {
        return open;
    }

    boolean isHeld() {
        return open && holder > 0 && !stageEnded;
    }

    boolean isStageEnded() {
        return stageEnded;
    }

    void requestStage() {
        stageNumber++;
        holder = 0;
        dispatched = 1;
        attemptSequence = 0;
        firstCounting = -1;
        stageEnded = false;
        open = true;
        counting = new ArrayList<>();
        shown = new TreeMap<>();
        LogPosition from = new LogPosition(Topic.BUILD_EVENTS, PARTITION, chapterOffset);
        spine(Optional.of(stage()), new RunFact.StageRequested(stageNumber, 1, "commands", Attempt.FIRST, from), true);
        expectedBeforeChapter = expected.size();
        sequenceBeforeChapter = sequence;
    }

    /** A coordinator that has forgotten the open chapter requests its stage once more, and knows nothing of the first time. */
    void requestStageAgain() {
        expected.subList(expectedBeforeChapter, expected.size()).clear();
        sequence = sequenceBeforeChapter;
        afterChapter.clear();
        open = false;
        repeated = true;
        stageNumber--;
        requestStage();
    }

    /** A closing of a stage that nobody has opened. */
    void closeWithoutChapter() {
        long before = sequence;
        spine(
                Optional.of(StageId.of(RUN, stageNumber + 500)),
                new RunFact.StageFinished(
                        stageNumber + 500,
                        Attempt.FIRST,
                        Outcome.FAILED,
                        Optional.empty(),
                        Optional.empty(),
                        new ChapterRange(chapterOffset, chapterOffset),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        0),
                true);
        if (sequence != before + 1) {
            throw new IllegalStateException("a closing has one number");
        }
    }

    /** What is to be read, and what is missing between, when a stage has lost what counted from one of its records on. */
    List<ReadBack> without(Told stage, long firstLost) {
        List<ReadBack> rest = new ArrayList<>();
        long next = 1;
        for (Expected each : expected) {
            boolean lost = stage.shown.tailMap(firstLost).containsValue(each)
                    || (each.firstSequence() <= stage.after && each.firstSequence() > lastShownOf(stage));
            if (!lost) {
                if (each.firstSequence() > next) {
                    rest.add(new ReadBack(Optional.empty(), next, each.firstSequence() - 1));
                }
                next = each.firstSequence() + each.count();
                rest.add(new ReadBack(Optional.of(each.id()), each.firstSequence(), next - 1));
            }
        }
        return rest;
    }

    private static long lastShownOf(Told stage) {
        Expected last = stage.shown.lastEntry().getValue();
        return last.firstSequence() + last.count() - 1;
    }

    /** Takes the records of one stage out of the log, from an offset on, as if others' had come in their place. */
    void lose(Told stage, long firstLost) {
        chapters.removeIf(it -> it.offset() >= firstLost && it.headers().stage().equals(Optional.of(stage.stage())));
    }

    /** Events that are read, or, without an id, a gap. */
    record ReadBack(Optional<EventId> id, long from, long to) {}

    void redispatch() {
        dispatched++;
        spine(
                Optional.of(stage()),
                new RunFact.StageRedispatched(
                        new Attempt(dispatched),
                        RunFact.RedispatchReason.SILENCE,
                        Optional.empty(),
                        Duration.ofSeconds(6)),
                false);
    }

    void hiddenProgress() {
        spine(
                Optional.of(stage()),
                new RunFact.RunProgress(1, 1, new Attempt(dispatched), worker(dispatched), Duration.ZERO),
                false);
    }

    void requestCancel() {
        spine(Optional.empty(), new RunFact.RunCancelRequested(Optional.empty()), false);
    }

    void claim() {
        claim(0);
    }

    /** A claim of an attempt that was dispatched, or of one that nobody can have dispatched yet. */
    void claim(int beyond) {
        holder = Math.max(dispatched, holder + 1) + beyond;
        dispatched = holder;
        attemptSequence = 1;
        counted(chapter(holder, worker(holder), 1, new BuildFact.AttemptStarted("commands")));
    }

    void lines(int count) {
        attemptSequence++;
        counted(chapter(holder, worker(holder), attemptSequence, output(count)));
    }

    void heartbeat() {
        attemptSequence++;
        counted(chapter(holder, worker(holder), attemptSequence, new StageFact.Heartbeat()));
    }

    void complete() {
        attemptSequence++;
        counted(chapter(holder, worker(holder), attemptSequence, completed()));
        stageEnded = true;
    }

    void abort() {
        BuildEvent event = BuildEvent.aborted(
                nextId(),
                stage(),
                Instant.EPOCH,
                new StageFact.StageAborted(StageFact.AbortReason.STAGE_DEADLINE, Outcome.FAILED, "spent"));
        counted(chapterRecord(event.headers()));
        stageEnded = true;
    }

    /** Things that never count: {@code kind} picks one that is void whatever the state. */
    void zombie(int kind) {
        int lower = Math.max(1, holder - 1);
        switch (kind % 7) {
            case 0 -> chapter(Math.max(1, holder), new WorkerId("twin"), 1, new BuildFact.AttemptStarted("commands"));
            case 1 -> chapter(lower, new WorkerId("twin"), attemptSequence + 1, output(2));
            case 2 -> chapter(lower, new WorkerId("twin"), attemptSequence + 1, completed());
            case 3 -> chapter(Math.max(1, holder), worker(Math.max(1, holder)), attemptSequence + 2, output(1));
            case 4 ->
                chapter(Math.max(1, holder), worker(Math.max(1, holder)), Math.max(1, attemptSequence), output(1));
            case 5 -> otherStage(output(3));
            default -> otherStage(completed());
        }
        if (kind % 7 == 0 && open && !stageEnded && holder == 0) {
            // Nobody held the stage: the twin's claim was a claim like any other.
            chapters.removeLast();
        }
    }

    void finishStage() {
        told.add(new Told(stage(), counting, shown, sequence + afterChapter.size()));
        spine(
                Optional.of(stage()),
                new RunFact.StageFinished(
                        stageNumber,
                        new Attempt(dispatched),
                        Outcome.SUCCEEDED,
                        Optional.empty(),
                        Optional.empty(),
                        new ChapterRange(firstCounting, lastCounting),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        0),
                true);
    }

    void completeRun() {
        spine(
                Optional.empty(),
                new RunFact.RunCompleted(Outcome.SUCCEEDED, Optional.empty(), Duration.ZERO, 1, 1, 0, 0),
                true);
    }

    private StageId stage() {
        return StageId.of(RUN, Math.max(1, stageNumber));
    }

    private static WorkerId worker(int attempt) {
        return new WorkerId("worker-" + attempt);
    }

    private static BuildFact output(int lines) {
        return new BuildFact.ConsoleLines(
                "build",
                Optional.of("make"),
                Collections.nCopies(lines, new ConsoleLine(ConsoleStream.STDOUT, LineEnd.NEWLINE, "x")));
    }

    private static BuildFact completed() {
        return new BuildFact.BuildCompleted(
                Outcome.SUCCEEDED, BuildReason.FORCE_REBUILD, Duration.ZERO, Optional.of(0), Optional.empty(), 1, 0, 0);
    }

    private void spine(Optional<StageId> stage, RunFact fact, boolean numberedByCoordinator) {
        boolean closes = fact instanceof RunFact.StageFinished;
        boolean chapterOpenNow = open && !(fact instanceof RunFact.StageRequested);
        EventId id = nextId();
        Optional<Long> runSequence = Optional.empty();
        if (closes) {
            // What was written on the spine while the chapter was open comes after the chapter.
            for (Expected late : afterChapter) {
                expected.add(new Expected(late.id(), sequence + 1, 1));
                sequence++;
            }
            afterChapter.clear();
            open = false;
            chapterOpenNow = false;
        }
        if (fact.count() > 0) {
            if (chapterOpenNow) {
                afterChapter.add(new Expected(id, 0, 1));
            } else {
                expected.add(new Expected(id, ++sequence, 1));
                runSequence = Optional.of(sequence).filter(_ -> numberedByCoordinator);
            }
        }
        RunEvent event = new RunEvent(RUN, id, stage, runSequence, Instant.EPOCH, fact);
        spineOffset += 1 + ids % 3;
        spine.add(new LogRecord(
                new LogPosition(Topic.RUN_EVENTS, PARTITION, spineOffset),
                RUN,
                Instant.EPOCH,
                event.headers(),
                new byte[0]));
    }

    private void counted(LogRecord record) {
        counting.add(record.offset());
        lastCounting = record.offset();
        if (firstCounting < 0) {
            firstCounting = record.offset();
        }
        int count = record.headers().count();
        if (count > 0) {
            Expected next = new Expected(record.headers().eventId(), sequence + 1, count);
            expected.add(next);
            shown.put(record.offset(), next);
            sequence += count;
        }
    }

    private LogRecord chapter(int attempt, WorkerId worker, long attemptSequence, BuildFact fact) {
        return chapterRecord(BuildEvent.ofAttempt(
                        nextId(), stage(), new Attempt(attempt), attemptSequence, worker, Instant.EPOCH, fact)
                .headers());
    }

    private void otherStage(BuildFact fact) {
        chapterRecord(BuildEvent.ofAttempt(
                        nextId(), StageId.of(RUN, stageNumber + 1000), Attempt.FIRST, 1, worker(1), Instant.EPOCH, fact)
                .headers());
    }

    private LogRecord chapterRecord(EventHeaders headers) {
        chapterOffset += 1 + ids % 4;
        LogRecord record = new LogRecord(
                new LogPosition(Topic.BUILD_EVENTS, PARTITION, chapterOffset),
                RUN,
                Instant.EPOCH,
                headers,
                new byte[0]);
        chapters.add(record);
        return record;
    }

    private EventId nextId() {
        // Spread the counter over the first four bytes, which cursors compare.
        ids++;
        return EventId.of(new UUID(ids * 0x9E3779B97F4A7C15L, ids));
    }
}
