package io.tailrace.runlog;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.BuildReason;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.LineEnd;
import io.tailrace.events.stage.StageFact;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Writes one run into a log as coordinator and workers would, and notes down what every reader should see. */
public final class Book {
    private static final Plan PLAN =
            new Plan(List.of(new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of())));
    private static final Instant TIME = Instant.parse("2026-11-21T10:00:00Z");

    private final LogUnderTest log;
    private final RunId run;
    private final List<Seen> expected = new ArrayList<>();
    private final List<Seen> afterChapter = new ArrayList<>();
    private long sequence;
    private long firstOffset = -1;
    private RunView.NumberedSpot latest = new RunView.NumberedSpot(0, 0, 0);
    private boolean ended;
    private int stageNumber;
    private int holder;
    private int dispatched;
    private long attemptSequence;
    private long claimSequence;
    private long firstCounting = -1;
    private long lastCounting = -1;
    private boolean open;
    private boolean lost;
    private long lines;

    public Book(LogUnderTest log) {
        this(log, RunId.of(UUID.randomUUID()));
    }

    public Book(LogUnderTest log, RunId run) {
        this.log = log;
        this.run = run;
    }

    /** A run whose first stage has a worker, in the catalogue too. */
    public static Book begun(KafkaLogUnderTest log) {
        Book book = new Book(log).create().requestStage().claim();
        log.publish(book.view());
        return book;
    }

    /** A run that ends after this: two stages, the second one taken over, with zombies and late facts of the spine. */
    public static Book complete(LogUnderTest log) {
        Book book = new Book(log).create();
        book.requestStage()
                .claim()
                .lines(3)
                .heartbeat()
                .lines(2)
                .progress()
                .complete()
                .finishStage();
        book.requestStage().claim().lines(4).zombies().redispatch().claim().zombies();
        book.requestCancel()
                .lines(5)
                .complete()
                .zombies()
                .finishStage()
                .completeRun()
                .zombies();
        return book;
    }

    public RunId run() {
        return run;
    }

    public int partition() {
        return log.partition(run);
    }

    /** What every reader of the whole run sees. */
    public List<Seen> expected() {
        return List.copyOf(expected);
    }

    public long sequence() {
        return sequence;
    }

    public long lastChapterOffset() {
        return lastCounting;
    }

    long latestOffset() {
        return latest.offset();
    }

    /** What the read model would have. */
    public RunView view() {
        return new RunView(
                run,
                new WorkspaceId("demo"),
                "build",
                Optional.empty(),
                ended ? RunStatus.SUCCEEDED : RunStatus.RUNNING,
                TIME,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                PLAN,
                Limits.DEFAULT,
                List.of(),
                "d".repeat(64),
                partition(),
                Math.max(0, firstOffset),
                latest,
                latest.offset());
    }

    /** What the catalogue would know. */
    public RunLocation location() {
        return new RunLocation(run, partition(), Math.max(0, firstOffset), latest, ended, Set.of(Topic.BUILD_EVENTS));
    }

    public Book create() {
        spine(
                Optional.empty(),
                new RunFact.RunCreated(
                        new WorkspaceId("demo"),
                        "build",
                        Optional.empty(),
                        PLAN,
                        Limits.DEFAULT,
                        Optional.empty(),
                        "d".repeat(64)));
        return spine(Optional.empty(), new RunFact.RunStarted(1));
    }

    public Book requestStage() {
        return requestStage(log.end(Topic.BUILD_EVENTS, run));
    }

    /** @param chapterFrom nothing of the stage lies before it */
    Book requestStage(long chapterFrom) {
        stageNumber++;
        holder = 0;
        dispatched = 1;
        attemptSequence = 0;
        claimSequence = 0;
        firstCounting = -1;
        LogPosition from = new LogPosition(Topic.BUILD_EVENTS, partition(), chapterFrom);
        spine(Optional.of(stage()), new RunFact.StageRequested(stageNumber, 1, "commands", Attempt.FIRST, from));
        open = true;
        return this;
    }

    public Book redispatch() {
        dispatched++;
        return spine(
                Optional.of(stage()),
                new RunFact.StageRedispatched(
                        new Attempt(dispatched),
                        RunFact.RedispatchReason.SILENCE,
                        Optional.empty(),
                        Duration.ofSeconds(6)));
    }

    public Book progress() {
        return spine(
                Optional.of(stage()),
                new RunFact.RunProgress(1, 1, new Attempt(dispatched), worker(dispatched), Duration.ZERO));
    }

    public Book requestCancel() {
        return spine(Optional.empty(), new RunFact.RunCancelRequested(Optional.empty()));
    }

    public Book claim() {
        holder = dispatched;
        attemptSequence = 1;
        Optional<Long> supersedes = claimSequence == 0 ? Optional.empty() : Optional.of(claimSequence);
        BuildEvent event = attempt(holder, worker(holder), 1, new BuildFact.AttemptStarted("commands"));
        counted(log.append(event), event.headers(), supersedes);
        claimSequence = sequence;
        return this;
    }

    public Book lines(int count) {
        return holders(output(count));
    }

    public Book line(String text) {
        return holders(output(text));
    }

    private static BuildFact output(String text) {
        return new BuildFact.ConsoleLines(
                "build", Optional.of("make"), List.of(new ConsoleLine(ConsoleStream.STDOUT, LineEnd.NEWLINE, text)));
    }

    /** A line that is not waited for; the next record that is waited for comes after it. */
    Book floodLine(String text) {
        attemptSequence++;
        BuildEvent event = attempt(holder, worker(holder), attemptSequence, output(text));
        log.appendSoon(event);
        expected.add(new Seen(
                ++sequence, event.headers().type(), event.headers().eventId().value(), 0, Optional.empty()));
        return this;
    }

    public Book heartbeat() {
        return holders(new StageFact.Heartbeat());
    }

    public Book complete() {
        return holders(completed());
    }

    public Book abort() {
        BuildEvent event = BuildEvent.aborted(
                nextId(),
                stage(),
                TIME,
                new StageFact.StageAborted(StageFact.AbortReason.STAGE_DEADLINE, Outcome.FAILED, "spent"));
        counted(log.append(event), event.headers(), Optional.empty());
        return this;
    }

    /** A record of the holder with a value that nobody can decode, under a type that nobody knows. */
    public Book undecodable(int count) {
        attemptSequence++;
        EventHeaders headers = new EventHeaders(
                "build.telepathy",
                nextId(),
                Mark.NONE,
                count,
                Optional.of(stage()),
                Optional.of(new Attempt(holder)),
                attemptSequence,
                Optional.of(worker(holder)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        counted(
                log.append(Topic.BUILD_EVENTS, run, headers, "???".getBytes(StandardCharsets.UTF_8)),
                headers,
                Optional.empty());
        return this;
    }

    /** The holder's terminal record, with no value at all. */
    public Book completeWithoutValue() {
        attemptSequence++;
        EventHeaders headers =
                attempt(holder, worker(holder), attemptSequence, completed()).headers();
        counted(log.append(Topic.BUILD_EVENTS, run, headers, null), headers, Optional.empty());
        return this;
    }

    /** The coordinator has counted so many events more, up to the stage's end, and the log has lost them. */
    public Book loseTheEnd(int events) {
        sequence += events;
        lost = true;
        lastCounting = Math.max(lastCounting, log.end(Topic.BUILD_EVENTS, run)) + 20;
        return this;
    }

    /** Others have written where the log had lost its end; nobody can tell by the offsets any more. */
    public Book growOver() {
        while (log.end(Topic.BUILD_EVENTS, run) <= lastCounting + 3) {
            log.append(
                    BuildEvent.ofAttempt(nextId(), StageId.of(run, 777), Attempt.FIRST, 1, worker(1), TIME, output(1)));
        }
        return this;
    }

    /** Things that never count, whatever the state, if somebody has claimed the stage. */
    public Book zombies() {
        int lower = Math.max(1, holder - 1);
        log.append(attempt(lower, new WorkerId("twin"), 1, new BuildFact.AttemptStarted("commands")));
        log.append(attempt(lower, new WorkerId("twin"), attemptSequence + 1, output(2)));
        log.append(attempt(lower, new WorkerId("twin"), attemptSequence + 1, completed()));
        log.append(attempt(holder, worker(holder), attemptSequence + 2, output(1)));
        log.append(attempt(holder, worker(holder), attemptSequence, output(1)));
        return this;
    }

    public Book finishStage() {
        List<Seen> late = renumbered(afterChapter);
        expected.addAll(lost ? List.of() : late);
        afterChapter.clear();
        lost = false;
        open = false;
        return spine(
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
                        0));
    }

    public Book completeRun() {
        spine(
                Optional.empty(),
                new RunFact.RunCompleted(Outcome.SUCCEEDED, Optional.empty(), Duration.ZERO, 1, 1, 0, 0));
        ended = true;
        return this;
    }

    private List<Seen> renumbered(List<Seen> late) {
        List<Seen> numbered = new ArrayList<>();
        for (Seen seen : late) {
            numbered.add(new Seen(++sequence, seen.type(), seen.eventId(), 0, Optional.empty()));
        }
        return numbered;
    }

    private Book spine(Optional<StageId> stage, RunFact fact) {
        EventId id = nextId();
        Optional<Long> runSequence = Optional.empty();
        if (fact.count() > 0) {
            Seen seen = new Seen(sequence + 1, fact.type().wireName(), id.value(), 0, Optional.empty());
            if (open) {
                afterChapter.add(seen);
            } else {
                sequence++;
                expected.add(seen);
                runSequence = Optional.of(sequence);
            }
        }
        long offset = log.append(new RunEvent(run, id, stage, runSequence, TIME, fact));
        if (firstOffset < 0) {
            firstOffset = offset;
        }
        if (runSequence.isPresent()) {
            latest = new RunView.NumberedSpot(offset, sequence, id.prefix());
        }
        return this;
    }

    private Book holders(BuildFact fact) {
        attemptSequence++;
        BuildEvent event = attempt(holder, worker(holder), attemptSequence, fact);
        counted(log.append(event), event.headers(), Optional.empty());
        return this;
    }

    private void counted(long offset, EventHeaders headers, Optional<Long> supersedes) {
        lastCounting = offset;
        if (firstCounting < 0) {
            firstCounting = offset;
        }
        for (int i = 0; i < headers.count(); i++) {
            expected.add(new Seen(++sequence, headers.type(), headers.eventId().value(), i, supersedes));
        }
    }

    private BuildEvent attempt(int attempt, WorkerId worker, long attemptSequence, BuildFact fact) {
        return BuildEvent.ofAttempt(nextId(), stage(), new Attempt(attempt), attemptSequence, worker, TIME, fact);
    }

    private StageId stage() {
        return StageId.of(run, stageNumber);
    }

    private static WorkerId worker(int attempt) {
        return new WorkerId("worker-" + attempt);
    }

    private BuildFact output(int count) {
        List<ConsoleLine> window = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            window.add(new ConsoleLine(ConsoleStream.STDOUT, LineEnd.NEWLINE, "line " + ++lines));
        }
        return new BuildFact.ConsoleLines("build", Optional.of("make"), window);
    }

    private static BuildFact completed() {
        return new BuildFact.BuildCompleted(
                Outcome.SUCCEEDED, BuildReason.FORCE_REBUILD, Duration.ZERO, Optional.of(0), Optional.empty(), 1, 0, 0);
    }

    private static EventId nextId() {
        return EventId.of(UUID.randomUUID());
    }
}
