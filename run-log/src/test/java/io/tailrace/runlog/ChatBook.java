package io.tailrace.runlog;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.plan.TurnPolicy;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunFact.Rejection;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.RunView.ChatView;
import io.tailrace.events.run.RunView.TurnView;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.StageFact.AbortReason;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Delta;
import io.tailrace.events.stage.TurnFact.DeltaKind;
import io.tailrace.events.stage.TurnFact.TurnContent;
import io.tailrace.events.stage.TurnFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Writes a chat into a log as coordinator and turn-workers would, and notes down what every reader should see. */
public final class ChatBook {
    public static final Usage USAGE =
            new Usage(Optional.of(10L), Optional.empty(), Optional.of(5L), Optional.empty(), Optional.of(15L));

    private static final Instant TIME = Instant.parse("2026-11-21T10:00:00Z");
    private static final ChatPlan CHAT = new ChatPlan(
            TurnPolicy.ENQUEUE,
            5,
            Duration.ofDays(7),
            new ModelChoice("scripted", Optional.empty()),
            Optional.of("Be brief."),
            Generation.DEFAULT);

    private final LogUnderTest log;
    private final RunId run = RunId.of(UUID.randomUUID());
    private final List<Seen> expected = new ArrayList<>();
    private final List<Seen> afterChapter = new ArrayList<>();
    private long sequence;
    private long firstOffset = -1;
    private RunView.NumberedSpot latest = new RunView.NumberedSpot(0, 0, 0);
    private boolean ended;
    private boolean open;
    private int stageNumber;
    private int attempt;
    private long attemptSequence;
    private long claimSequence;
    private long firstCounting = -1;
    private long lastCounting = -1;
    private String question = "";
    private TurnId turn = new TurnId("none");

    public ChatBook(LogUnderTest log) {
        this.log = log;
    }

    public RunId run() {
        return run;
    }

    /** What every reader of the whole run sees. */
    List<Seen> expected() {
        return List.copyOf(expected);
    }

    RunLocation location() {
        return RunLocation.of(view(List.of()));
    }

    public static TurnId id(String turn) {
        return new TurnId("turn-" + turn);
    }

    /** What the read model would have. */
    public RunView view(List<TurnView> recent) {
        return new RunView(
                run,
                new WorkspaceId("demo"),
                "chat",
                Optional.empty(),
                ended ? RunStatus.SUCCEEDED : open ? RunStatus.RUNNING : RunStatus.IDLE,
                TIME,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Plan.of(CHAT),
                Limits.DEFAULT,
                List.of(),
                "d".repeat(64),
                log.partition(run),
                Math.max(0, firstOffset),
                latest,
                latest.offset(),
                Optional.of(new ChatView(recent.size(), false, recent)));
    }

    public ChatBook create() {
        spine(
                Optional.empty(),
                new RunFact.RunCreated(
                        new WorkspaceId("demo"),
                        "chat",
                        Optional.empty(),
                        Plan.of(CHAT),
                        Limits.DEFAULT,
                        Optional.empty(),
                        "d".repeat(64)));
        return spine(Optional.empty(), new RunFact.RunStarted(0));
    }

    public ChatBook submit(String name, String text) {
        return submit(name, TurnInput.of(text));
    }

    public ChatBook submit(String name, TurnInput input) {
        return spine(Optional.empty(), new RunFact.TurnSubmitted(id(name), input));
    }

    public ChatBook reject(String name, Rejection reason) {
        return spine(Optional.empty(), new RunFact.TurnRejected(id(name), reason, "not now"));
    }

    public ChatBook requestCancel(String name) {
        return spine(Optional.empty(), new RunFact.TurnCancelRequested(id(name), Optional.empty()));
    }

    public ChatBook requestClose() {
        return spine(Optional.empty(), new RunFact.RunCloseRequested(Optional.of("done")));
    }

    /** Dispatches a turn: its chapter is open from here on. */
    public ChatBook dispatch(String name, String text) {
        turn = id(name);
        question = text;
        stageNumber++;
        attempt = 0;
        claimSequence = 0;
        firstCounting = -1;
        LogPosition from = new LogPosition(Topic.TURN_EVENTS, log.partition(run), log.end(Topic.TURN_EVENTS, run));
        spine(
                Optional.of(stage()),
                new RunFact.StageRequested(
                        stageNumber, stageNumber, RunFact.TURN, Attempt.FIRST, from, Optional.of(turn)));
        open = true;
        return this;
    }

    /** A new attempt claims the turn and begins to answer it. */
    public ChatBook claim() {
        attempt++;
        attemptSequence = 0;
        write(new TurnFact.AttemptStarted(turn), claimSequence == 0 ? Optional.empty() : Optional.of(claimSequence));
        claimSequence = sequence;
        return write(new TurnFact.TurnStarted(turn, question, "scripted", "script-1", Optional.empty()));
    }

    /** A window of text. */
    public ChatBook deltas(String... texts) {
        return write(new TurnFact.ModelDelta(Arrays.stream(texts)
                .map(it -> new Delta(DeltaKind.TEXT, it, Optional.empty()))
                .toList()));
    }

    public ChatBook checkpoint(int call, String text) {
        return write(new TurnFact.TurnCheckpointed(turn, call, message(text), Optional.empty(), USAGE));
    }

    public ChatBook write(TurnFact fact) {
        return write(fact, Optional.empty());
    }

    public ChatBook complete(String text) {
        return write(new TurnFact.TurnCompleted(content(text), TurnFact.FinishReason.STOP));
    }

    public ChatBook fail(String code, String text) {
        return write(new TurnFact.TurnFailed(
                content(text), new TurnFailure(code, "it did not work", true, Map.of("status", "503"))));
    }

    public ChatBook abort() {
        TurnEvent event = TurnEvent.aborted(
                nextId(),
                stage(),
                TIME,
                new StageFact.StageAborted(AbortReason.STAGE_DEADLINE, Outcome.FAILED, "it took too long"));
        counted(log.append(event), event.headers(), Optional.empty());
        return this;
    }

    /** Records of a worker that has lost the turn. */
    public ChatBook zombies() {
        log.append(TurnEvent.ofAttempt(
                nextId(),
                stage(),
                new Attempt(attempt),
                attemptSequence + 1,
                new WorkerId("zombie"),
                TIME,
                new TurnFact.ModelDelta(List.of(new Delta(DeltaKind.TEXT, "brains", Optional.empty())))));
        return this;
    }

    public ChatBook finish(Outcome outcome) {
        for (Seen seen : afterChapter) {
            expected.add(new Seen(++sequence, seen.type(), seen.eventId(), 0, Optional.empty()));
        }
        afterChapter.clear();
        open = false;
        return spine(
                Optional.of(stage()),
                new RunFact.StageFinished(
                        stageNumber,
                        new Attempt(Math.max(1, attempt)),
                        outcome,
                        Optional.empty(),
                        Optional.empty(),
                        new ChapterRange(firstCounting, lastCounting),
                        Optional.empty(),
                        Optional.of(TIME),
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        0,
                        Optional.of(USAGE)));
    }

    /** A whole turn that is answered with what it asks. */
    public ChatBook echo(String name, String text) {
        return submit(name, text)
                .dispatch(name, text)
                .claim()
                .deltas(text)
                .checkpoint(1, text)
                .complete(text)
                .finish(Outcome.SUCCEEDED);
    }

    public ChatBook completeRun() {
        spine(
                Optional.empty(),
                new RunFact.RunCompleted(Outcome.SUCCEEDED, Optional.empty(), Duration.ZERO, 1, 1, 0, 0));
        ended = true;
        return this;
    }

    private TurnContent content(String text) {
        return new TurnContent(
                turn,
                question,
                message(text),
                "scripted",
                "script-1",
                USAGE,
                Duration.ofMillis(20),
                Optional.empty(),
                Optional.empty());
    }

    private static AssistantMessage message(String text) {
        return new AssistantMessage(text, Optional.empty(), List.of());
    }

    private StageId stage() {
        return StageId.of(run, stageNumber);
    }

    private ChatBook write(TurnFact fact, Optional<Long> supersedes) {
        attemptSequence++;
        TurnEvent event = TurnEvent.ofAttempt(
                nextId(),
                stage(),
                new Attempt(attempt),
                attemptSequence,
                new WorkerId("worker-" + attempt),
                TIME,
                fact);
        counted(log.append(event), event.headers(), supersedes);
        return this;
    }

    private void counted(long offset, EventHeaders headers, Optional<Long> supersedes) {
        lastCounting = offset;
        firstCounting = firstCounting < 0 ? offset : firstCounting;
        for (int i = 0; i < headers.count(); i++) {
            expected.add(new Seen(++sequence, headers.type(), headers.eventId().value(), i, supersedes));
        }
    }

    private ChatBook spine(Optional<StageId> stage, RunFact fact) {
        EventId id = nextId();
        Seen seen = new Seen(sequence + 1, fact.type().wireName(), id.value(), 0, Optional.empty());
        Optional<Long> runSequence = open ? Optional.empty() : Optional.of(sequence + 1);
        if (open) {
            afterChapter.add(seen);
        } else {
            sequence++;
            expected.add(seen);
        }
        long offset = log.append(new RunEvent(run, id, stage, runSequence, TIME, fact));
        firstOffset = firstOffset < 0 ? offset : firstOffset;
        if (runSequence.isPresent()) {
            latest = new RunView.NumberedSpot(offset, sequence, id.prefix());
        }
        return this;
    }

    private static EventId nextId() {
        return EventId.of(UUID.randomUUID());
    }
}
