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
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Step;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.RunView.StageView;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.BuildReason;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.LineEnd;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Delta;
import io.tailrace.events.stage.TurnFact.DeltaKind;
import io.tailrace.events.stage.TurnFact.TurnContent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes a run whose plan builds, asks a model, builds and asks again, as coordinator and workers of both kinds would, and
 * notes down what every reader should see.
 */
public final class MixedBook {
    private static final ModelChoice MODEL = new ModelChoice("scripted", Optional.empty());
    private static final Plan PLAN = new Plan(List.of(
            build("compile"),
            PromptStep.of("Explain it.", MODEL).named("explain"),
            build("check"),
            PromptStep.of("{{steps.explain.text}} Shorter!", MODEL)));
    private static final Instant TIME = Instant.parse("2026-11-21T10:00:00Z");

    private final LogUnderTest log;
    private final RunId run = RunId.of(UUID.randomUUID());
    private final List<Seen> expected = new ArrayList<>();
    private final List<StageView> stages = new ArrayList<>();
    private long sequence;
    private long firstOffset = -1;
    private RunView.NumberedSpot latest = new RunView.NumberedSpot(0, 0, 0);
    private boolean ended;
    private int stageNumber;
    private int attempt;
    private long attemptSequence;
    private long claimSequence;
    private long firstCounting = -1;
    private long lastCounting = -1;

    public MixedBook(LogUnderTest log) {
        this.log = log;
    }

    private static Step build(String name) {
        return new BuildStep(
                BuildStep.COMMANDS,
                Optional.of("hello"),
                List.of(),
                Optional.empty(),
                Optional.of(name),
                Optional.empty());
    }

    /** A run that has ended; a worker of each kind was lost in the middle, and has gone on writing. */
    public static MixedBook complete(LogUnderTest log) {
        MixedBook book = new MixedBook(log).create();
        book.begin().claim().output("a", "b").claim().zombies().output("a").end();
        book.begin()
                .claim()
                .output("it ", "is")
                .claim()
                .output("it ", "is ", "so")
                .zombies()
                .end();
        book.begin().claim().output("c").end();
        book.begin().claim().output("so").end();
        return book.completeRun();
    }

    public RunId run() {
        return run;
    }

    /** What every reader of the whole run sees. */
    public List<Seen> expected() {
        return List.copyOf(expected);
    }

    RunLocation location() {
        return RunLocation.of(view());
    }

    /** What the read model would have. */
    public RunView view() {
        return new RunView(
                run,
                new WorkspaceId("demo"),
                "mixed",
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
                stages,
                "d".repeat(64),
                log.partition(run),
                Math.max(0, firstOffset),
                latest,
                latest.offset());
    }

    public MixedBook create() {
        spine(
                Optional.empty(),
                new RunFact.RunCreated(
                        new WorkspaceId("demo"),
                        "mixed",
                        Optional.empty(),
                        PLAN,
                        Limits.DEFAULT,
                        Optional.empty(),
                        "d".repeat(64)));
        return spine(Optional.empty(), new RunFact.RunStarted(PLAN.steps().size()));
    }

    /** The next step's chapter is open from here on. */
    public MixedBook begin() {
        stageNumber++;
        attempt = 0;
        claimSequence = 0;
        firstCounting = -1;
        LogPosition from = new LogPosition(topic(), log.partition(run), log.end(topic(), run));
        stages.add(stage(Optional.empty()));
        return spine(
                Optional.of(stage()),
                new RunFact.StageRequested(
                        stageNumber,
                        PLAN.steps().size(),
                        isPrompt() ? PromptStep.RECIPE : BuildStep.COMMANDS,
                        Attempt.FIRST,
                        from,
                        isPrompt() ? Optional.of(turn()) : Optional.empty()));
    }

    private StageView stage(Optional<Outcome> outcome) {
        return new StageView(
                stage(),
                stageNumber,
                new Attempt(Math.max(1, attempt)),
                outcome,
                Optional.empty(),
                TIME,
                attempt == 0 ? Optional.empty() : Optional.of(TIME),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A new attempt at the step; the one before is lost. */
    public MixedBook claim() {
        attempt++;
        attemptSequence = 0;
        Optional<Long> supersedes = claimSequence == 0 ? Optional.empty() : Optional.of(claimSequence);
        if (isPrompt()) {
            turn(new TurnFact.AttemptStarted(turn()), supersedes);
        } else {
            build(new BuildFact.AttemptStarted(BuildStep.COMMANDS), supersedes);
        }
        claimSequence = sequence;
        stages.set(stages.size() - 1, stage(Optional.empty()));
        return this;
    }

    /** A window of lines, or of an answer. */
    public MixedBook output(String... texts) {
        return isPrompt() ? turn(deltas(texts), Optional.empty()) : build(lines(texts), Optional.empty());
    }

    private static BuildFact lines(String... texts) {
        return new BuildFact.ConsoleLines(
                "build",
                Optional.of("make"),
                Arrays.stream(texts)
                        .map(it -> new ConsoleLine(ConsoleStream.STDOUT, LineEnd.NEWLINE, it))
                        .toList());
    }

    private static TurnFact deltas(String... texts) {
        return new TurnFact.ModelDelta(Arrays.stream(texts)
                .map(it -> new Delta(DeltaKind.TEXT, it, Optional.empty()))
                .toList());
    }

    /** What a worker writes that has lost the step: never part of the run. */
    public MixedBook zombies() {
        if (isPrompt()) {
            log.append(TurnEvent.ofAttempt(
                    nextId(), stage(), lost(), attemptSequence + 1, new WorkerId("zombie"), TIME, deltas("brains")));
        } else {
            log.append(BuildEvent.ofAttempt(
                    nextId(), stage(), lost(), attemptSequence + 1, new WorkerId("zombie"), TIME, lines("brains")));
        }
        return this;
    }

    private Attempt lost() {
        return new Attempt(Math.max(1, attempt - 1));
    }

    /** The step succeeds; its chapter is closed. */
    public MixedBook end() {
        if (isPrompt()) {
            turn(
                    new TurnFact.TurnCompleted(
                            new TurnContent(
                                    turn(),
                                    "question",
                                    new AssistantMessage("answer", Optional.empty(), List.of()),
                                    "scripted",
                                    "script-1",
                                    ChatBook.USAGE,
                                    Duration.ofMillis(20),
                                    Optional.empty(),
                                    Optional.empty()),
                            TurnFact.FinishReason.STOP),
                    Optional.empty());
        } else {
            build(
                    new BuildFact.BuildCompleted(
                            Outcome.SUCCEEDED,
                            BuildReason.FORCE_REBUILD,
                            Duration.ZERO,
                            Optional.of(0),
                            Optional.empty(),
                            1,
                            0,
                            0),
                    Optional.empty());
        }
        stages.set(stages.size() - 1, stage(Optional.of(Outcome.SUCCEEDED)));
        return spine(
                Optional.of(stage()),
                new RunFact.StageFinished(
                        stageNumber,
                        new Attempt(attempt),
                        Outcome.SUCCEEDED,
                        Optional.empty(),
                        Optional.empty(),
                        new ChapterRange(firstCounting, lastCounting),
                        Optional.empty(),
                        Optional.of(TIME),
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        0));
    }

    public MixedBook completeRun() {
        ended = true;
        return spine(
                Optional.empty(),
                new RunFact.RunCompleted(Outcome.SUCCEEDED, Optional.empty(), Duration.ZERO, 1, 1, 0, 0));
    }

    private boolean isPrompt() {
        return topic() == Topic.TURN_EVENTS;
    }

    private Topic topic() {
        return PLAN.steps().get(stageNumber - 1).kind().events();
    }

    private TurnId turn() {
        return TurnId.of(stage());
    }

    private StageId stage() {
        return StageId.of(run, stageNumber);
    }

    private MixedBook build(BuildFact fact, Optional<Long> supersedes) {
        BuildEvent event =
                BuildEvent.ofAttempt(nextId(), stage(), new Attempt(attempt), ++attemptSequence, worker(), TIME, fact);
        return counted(log.append(event), event.headers(), supersedes);
    }

    private MixedBook turn(TurnFact fact, Optional<Long> supersedes) {
        TurnEvent event =
                TurnEvent.ofAttempt(nextId(), stage(), new Attempt(attempt), ++attemptSequence, worker(), TIME, fact);
        return counted(log.append(event), event.headers(), supersedes);
    }

    private WorkerId worker() {
        return new WorkerId("worker-" + attempt);
    }

    private MixedBook counted(long offset, EventHeaders headers, Optional<Long> supersedes) {
        lastCounting = offset;
        firstCounting = firstCounting < 0 ? offset : firstCounting;
        for (int i = 0; i < headers.count(); i++) {
            expected.add(new Seen(++sequence, headers.type(), headers.eventId().value(), i, supersedes));
        }
        return this;
    }

    private MixedBook spine(Optional<StageId> stage, RunFact fact) {
        EventId id = nextId();
        expected.add(new Seen(++sequence, fact.type().wireName(), id.value(), 0, Optional.empty()));
        long offset = log.append(new RunEvent(run, id, stage, Optional.of(sequence), TIME, fact));
        firstOffset = firstOffset < 0 ? offset : firstOffset;
        latest = new RunView.NumberedSpot(offset, sequence, id.prefix());
        return this;
    }

    private static EventId nextId() {
        return EventId.of(UUID.randomUUID());
    }
}
