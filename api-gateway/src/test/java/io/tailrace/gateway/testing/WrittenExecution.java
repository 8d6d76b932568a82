package io.tailrace.gateway.testing;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.definition.RepositoryDefinition;
import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.kafka.KafkaRecords;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.AssistantPrompt.Variable;
import io.tailrace.events.plan.AssistantRun;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.Failure;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Pause;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.StageFact.AbortReason;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Substitution;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An execution of an assistant with three prompts as coordinator and turn-workers would write it: {@code outline} asks a
 * repository, {@code draft} uses its answer and has tools, {@code review} uses nothing. Its records in the run's order, and, with a log,
 * on a broker.
 */
public final class WrittenExecution {
    /** How many prompts it has. */
    public static final int PROMPTS = 3;

    /** Of every answer. */
    public static final Usage USAGE =
            new Usage(Optional.of(10L), Optional.empty(), Optional.of(5L), Optional.empty(), Optional.of(15L));

    private static final Instant BEGIN = Instant.parse("2026-11-21T10:00:00Z");
    private static final WorkspaceId WORKSPACE = new WorkspaceId("demo");
    private static final int PARTITION = 3;
    private static final long EPOCH = 42;
    private static final String DIGEST = "d".repeat(64);
    private static final Retrieval HANDBOOK = new Retrieval(
            List.of(new Retrieval.Source(
                    7, "handbook", 1, new RepositoryDefinition.Shape("en", Optional.empty(), 400), 12)),
            Retrieval.SearchType.KEYWORD,
            8,
            2000);
    private static final Plan PLAN = Plan.of(
            new AssistantRun("essay", 3, List.of(new AssistantRun.Output("result", "review"))),
            List.of(
                    prompt(10, "outline", Variable.input("topic", "rivers")).told(HANDBOOK),
                    prompt(20, "draft", Variable.answer("outline"), Variable.input("tone", "dry"))
                            .with(WrittenCalls.tools()),
                    prompt(35, "review")));

    private final RunId run;
    private final Optional<KafkaLogUnderTest> log;
    private final KafkaRecords records = new KafkaRecords(new EventCodec());
    private final List<LogRecord> order = new ArrayList<>();
    private final List<LogRecord> afterChapter = new ArrayList<>();
    private Optional<Failure> failure = Optional.empty();
    private int event;
    private int stage;
    private int step;
    private StageId pausedStage;
    private TurnId turn;
    private boolean building;
    private List<RunView.ApprovalView> approvals = List.of();
    private int attempt;
    private long attemptSequence;
    private long firstOffset = -1;
    private long firstOfChapter;
    private long lastOfChapter;
    private long offset = 100;
    private boolean open;
    private boolean ended;
    private RunView.NumberedSpot numbered = new RunView.NumberedSpot(0, 0, 0);

    /** In memory alone. */
    public WrittenExecution(RunId run) {
        this(run, Optional.empty());
    }

    /** On a broker as well. */
    public WrittenExecution(RunId run, KafkaLogUnderTest log) {
        this(run, Optional.of(log));
    }

    private WrittenExecution(RunId run, Optional<KafkaLogUnderTest> log) {
        this.run = run;
        this.log = log;
        this.pausedStage = StageId.of(run, 1);
        this.turn = TurnId.of(pausedStage);
    }

    private static PromptStep prompt(int id, String name, Variable... variables) {
        return PromptStep.of("Write about it.", new ModelChoice("scripted", Optional.of("script-1")))
                .named(name)
                .of(new AssistantPrompt(id, List.of(variables), Optional.empty(), Optional.empty()));
    }

    public RunId id() {
        return run;
    }

    /** What every reader gets, in order. */
    public List<ReadItem.Numbered> items() {
        List<ReadItem.Numbered> items = new ArrayList<>();
        long sequence = 0;
        for (LogRecord record : order) {
            int count = record.headers().count();
            RunCursor cursor = new RunCursor(
                    EPOCH,
                    PARTITION,
                    run.check(),
                    100,
                    Optional.empty(),
                    record.headers().eventId().prefix(),
                    sequence + count,
                    count);
            items.add(new ReadItem.Numbered(record, sequence + 1, Optional.empty(), cursor));
            sequence += count;
        }
        return items;
    }

    /** The place before its first event, in memory. */
    public RunCursor start() {
        return RunCursor.beforeFirst(EPOCH, PARTITION, run);
    }

    /** Created and started. */
    public WrittenExecution create() {
        spine(
                Optional.empty(),
                new RunFact.RunCreated(
                        WORKSPACE, "assistant", Optional.empty(), PLAN, Limits.DEFAULT, Optional.empty(), DIGEST));
        return spine(Optional.empty(), new RunFact.RunStarted(PROMPTS));
    }

    /** The next prompt is dispatched. */
    public WrittenExecution request() {
        step++;
        turn = TurnId.of(StageId.of(run, stage + 1));
        return dispatch(PromptStep.RECIPE, Topic.TURN_EVENTS, Optional.of(turn), Optional.empty());
    }

    private WrittenExecution dispatch(
            String recipe, Topic topic, Optional<TurnId> of, Optional<RunFact.ToolCallSpot> call) {
        stage++;
        attempt = 0;
        building = call.isPresent();
        LogPosition from = new LogPosition(
                topic,
                log.map(it -> it.partition(run)).orElse(PARTITION),
                log.map(it -> it.end(topic, run)).orElse(offset));
        firstOfChapter = -1;
        spine(Optional.of(stage()), new RunFact.StageRequested(step, PROMPTS, recipe, Attempt.FIRST, from, of, call));
        open = true;
        return this;
    }

    /** The turn is paused, because these calls of a round wait. */
    public WrittenExecution pause(int round, int... indexes) {
        write(new TurnFact.TurnPaused(
                turn,
                round,
                IntStream.of(indexes)
                        .mapToObj(it -> new TurnFact.WaitingCall(WrittenCalls.call(round, it), WrittenCalls.ARGUMENTS))
                        .toList(),
                USAGE,
                Duration.ofMillis(90)));
        pausedStage = stage();
        return finish(
                Outcome.SUCCEEDED,
                Optional.of(new Pause(
                        round,
                        IntStream.of(indexes)
                                .mapToObj(it -> new Pause.PausedCall(
                                        it, WrittenCalls.call(round, it).tool()))
                                .toList())));
    }

    /** Whether a call of the turn that is paused may be executed. */
    public WrittenExecution ask(int round, int index) {
        ApprovalId id = ApprovalId.of(pausedStage, round, index);
        RunFact.ToolCallSpot spot = spot(round, index);
        spine(
                Optional.of(pausedStage),
                new RunFact.ToolApprovalRequested(
                        id, spot, WrittenCalls.ARGUMENTS, WrittenCalls.ARGUMENTS.length(), Duration.ofHours(1)));
        return show(round, index);
    }

    /** A view has a question that the log has no more. */
    public WrittenExecution show(int round, int index) {
        ApprovalId id = ApprovalId.of(pausedStage, round, index);
        RunFact.ToolCallSpot spot = spot(round, index);
        approvals = Stream.concat(
                        approvals.stream(),
                        Stream.of(new RunView.ApprovalView(
                                id,
                                pausedStage,
                                spot.tool(),
                                WrittenCalls.ARGUMENTS,
                                WrittenCalls.ARGUMENTS.length(),
                                now(),
                                Duration.ofHours(1))))
                .toList();
        return this;
    }

    private RunFact.ToolCallSpot spot(int round, int index) {
        return new RunFact.ToolCallSpot(
                pausedStage, round, index, WrittenCalls.call(round, index).tool());
    }

    /** What a person says, or that nobody does. */
    public WrittenExecution decide(int round, int index, ApprovalDecision decision, Optional<String> by) {
        ApprovalId id = ApprovalId.of(pausedStage, round, index);
        approvals = approvals.stream().filter(it -> !it.approvalId().equals(id)).toList();
        return spine(Optional.of(pausedStage), new RunFact.ToolApprovalDecided(id, decision, by, Optional.empty()));
    }

    /** A build executes a call of the turn that is paused. */
    public WrittenExecution build(int round, int index, Outcome outcome) {
        dispatch(BuildStep.COMMANDS, Topic.BUILD_EVENTS, Optional.empty(), Optional.of(spot(round, index)));
        attempt++;
        attemptSequence = 0;
        write(new BuildFact.AttemptStarted(BuildStep.COMMANDS));
        write(new BuildFact.BuildCompleted(
                outcome,
                BuildFact.BuildReason.DIRTY_OR_MISSING,
                Duration.ofSeconds(1),
                Optional.of(0),
                Optional.empty(),
                1,
                2,
                0));
        return finish(outcome);
    }

    /** The turn goes on in another stage. */
    public WrittenExecution goOn() {
        return dispatch(PromptStep.RECIPE, Topic.TURN_EVENTS, Optional.of(turn), Optional.empty());
    }

    /** A worker takes the turn that was paused, and begins behind these rounds. */
    public WrittenExecution resume(int rounds) {
        attempt++;
        attemptSequence = 0;
        return write(new TurnFact.AttemptStarted(turn))
                .write(new TurnFact.TurnContinued(turn, rounds, "scripted", "script-1"));
    }

    /** A worker takes the prompt, from another one that was lost if there was one, and begins to answer it. */
    public WrittenExecution claim() {
        attempt++;
        attemptSequence = 0;
        return write(new TurnFact.AttemptStarted(turn()))
                .write(new TurnFact.TurnStarted(turn(), "Write about it.", "scripted", "script-1", Optional.empty()));
    }

    /** What its plan has for the prompt comes before the answer: variables are put in, repositories are asked. */
    public WrittenExecution prepare() {
        return switch (step) {
            case 1 -> substitute(input("topic", "rivers")).search().find();
            case 2 -> substitute(answer("outline", "Source, course, mouth."), input("tone", "dry"));
            default -> this;
        };
    }

    public WrittenExecution substitute(Substitution... variables) {
        return write(new TurnFact.VariablesSubstituted(List.of(variables)));
    }

    public static Substitution input(String name, String value) {
        return new Substitution(
                name, Optional.of(value), "a".repeat(64), value.length(), Optional.empty(), Optional.empty());
    }

    public static Substitution answer(String step, String value) {
        return new Substitution(
                step,
                Optional.of(value),
                "b".repeat(64),
                value.length(),
                Optional.of(step),
                Optional.of(new LogPosition(Topic.TURN_EVENTS, PARTITION, 120)));
    }

    /** One that no event shows. */
    public static Substitution longAnswer(String step, int length) {
        return new Substitution(
                step,
                Optional.empty(),
                "c".repeat(64),
                length,
                Optional.of(step),
                Optional.of(new LogPosition(Topic.TURN_EVENTS, PARTITION, 120)));
    }

    public WrittenExecution search() {
        return write(new TurnFact.KnowledgeRetrievalStarted(
                List.of(new TurnFact.AskedRepository(7, "handbook", 12)), Retrieval.SearchType.KEYWORD));
    }

    public WrittenExecution find() {
        return write(new TurnFact.KnowledgeRetrieved(
                List.of(
                        new TurnFact.RetrievedChunk(7, "rivers.md", 3, 0, 0, 40, 0.75),
                        new TurnFact.RetrievedChunk(7, "lakes.md", 4, 1, 10, 60, 0.5)),
                2,
                0.625,
                31));
    }

    public WrittenExecution reuse(ReusedAnswer.Reason reason) {
        return write(new TurnFact.AnswerReused(new ReusedAnswer(
                StageId.of(new RunId("r-earlier"), 1), new LogPosition(Topic.TURN_EVENTS, PARTITION, 7), reason)));
    }

    /** A window of the answer. */
    public WrittenExecution deltas(String... texts) {
        return write(new TurnFact.ModelDelta(Arrays.stream(texts)
                .map(it -> new TurnFact.Delta(TurnFact.DeltaKind.TEXT, it, Optional.empty()))
                .toList()));
    }

    /** An event of a release that is newer than the reader. */
    public WrittenExecution unknown() {
        attemptSequence++;
        EventHeaders headers = new EventHeaders(
                "answer.weighed",
                nextId(),
                Mark.NONE,
                1,
                Optional.of(stage()),
                Optional.of(new Attempt(attempt)),
                attemptSequence,
                Optional.of(worker()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        byte[] value = {1, 2, 3};
        chapter(headers, value, log.map(it -> it.append(Topic.TURN_EVENTS, run, headers, value)));
        return this;
    }

    public WrittenExecution answer(Usage usage) {
        return write(new TurnFact.TurnCompleted(content(usage), TurnFact.FinishReason.STOP));
    }

    public WrittenExecution fail(TurnFailure how) {
        failure = how.isCancel() ? Optional.empty() : Optional.of(Failure.of(how.code(), how.message()));
        return write(new TurnFact.TurnFailed(content(Usage.NONE), how));
    }

    /** The coordinator ends the stage. */
    public WrittenExecution abort(AbortReason reason, Outcome outcome) {
        failure = outcome == Outcome.FAILED
                ? Optional.of(Failure.of(reason.name().toLowerCase(java.util.Locale.ROOT), "It had to end."))
                : Optional.empty();
        return append(TurnEvent.aborted(
                nextId(), stage(), now(), new StageFact.StageAborted(reason, outcome, "It had to end.")));
    }

    public WrittenExecution requestCancel(String reason) {
        return spine(Optional.empty(), new RunFact.RunCancelRequested(Optional.of(reason)));
    }

    public WrittenExecution finish(Outcome outcome) {
        return finish(outcome, Optional.empty());
    }

    private WrittenExecution finish(Outcome outcome, Optional<Pause> pause) {
        open = false;
        order.addAll(afterChapter);
        afterChapter.clear();
        return spine(
                Optional.of(stage()),
                new RunFact.StageFinished(
                        step,
                        new Attempt(Math.max(1, attempt)),
                        outcome,
                        failure,
                        Optional.empty(),
                        new ChapterRange(firstOfChapter, lastOfChapter),
                        Optional.empty(),
                        Optional.of(BEGIN),
                        Duration.ZERO,
                        Duration.ofSeconds(1),
                        0,
                        0,
                        building ? Optional.empty() : Optional.of(USAGE),
                        pause));
    }

    /** A whole prompt that is answered. */
    public WrittenExecution prompt() {
        return request()
                .claim()
                .prepare()
                .deltas("Some", " text.")
                .answer(USAGE)
                .finish(Outcome.SUCCEEDED);
    }

    /** The run ends. */
    public WrittenExecution complete(Outcome outcome) {
        return complete(outcome, failure);
    }

    public WrittenExecution complete(Outcome outcome, Optional<Failure> why) {
        spine(
                Optional.empty(),
                new RunFact.RunCompleted(
                        outcome, why, Duration.ofMillis(4321), stage, stage, 0, 0, Optional.of(USAGE)));
        ended = true;
        return this;
    }

    /** Puts what the read model has of it into the catalogue. */
    public WrittenExecution publish() {
        log.orElseThrow()
                .publish(new RunView(
                        run,
                        WORKSPACE,
                        "assistant",
                        Optional.empty(),
                        ended ? RunStatus.SUCCEEDED : approvals.isEmpty() ? RunStatus.RUNNING : RunStatus.WAITING,
                        BEGIN,
                        Optional.of(BEGIN),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        PLAN,
                        Limits.DEFAULT,
                        List.of(),
                        DIGEST,
                        log.orElseThrow().partition(run),
                        firstOffset,
                        numbered,
                        numbered.offset(),
                        Optional.empty(),
                        Optional.of(approvals)));
        return this;
    }

    private TurnFact.TurnContent content(Usage usage) {
        return new TurnFact.TurnContent(
                turn(),
                "Write about it.",
                new AssistantMessage("Some text.", Optional.empty(), List.of()),
                "scripted",
                "script-1",
                usage,
                Duration.ofMillis(250),
                Optional.empty(),
                Optional.empty());
    }

    private StageId stage() {
        return StageId.of(run, stage);
    }

    private TurnId turn() {
        return turn;
    }

    private WorkerId worker() {
        return new WorkerId("worker-" + attempt);
    }

    private EventId nextId() {
        event++;
        return new EventId(String.format("%08x-0000-4000-8000-%012x", event, event));
    }

    private Instant now() {
        return BEGIN.plusMillis(100L * event);
    }

    /** What the worker that has the prompt writes besides. */
    public WrittenExecution say(TurnFact... facts) {
        for (TurnFact fact : facts) {
            write(fact);
        }
        return this;
    }

    private WrittenExecution write(TurnFact fact) {
        attemptSequence++;
        return append(
                TurnEvent.ofAttempt(nextId(), stage(), new Attempt(attempt), attemptSequence, worker(), now(), fact));
    }

    private void write(BuildFact fact) {
        attemptSequence++;
        BuildEvent written =
                BuildEvent.ofAttempt(nextId(), stage(), new Attempt(attempt), attemptSequence, worker(), now(), fact);
        lastOfChapter = log.map(it -> it.append(written)).orElse(++offset);
        firstOfChapter = firstOfChapter < 0 ? lastOfChapter : firstOfChapter;
        order.add(record(
                Topic.BUILD_EVENTS,
                written.headers(),
                records.stageEvent(PARTITION, written).value()));
    }

    private WrittenExecution append(TurnEvent written) {
        chapter(written.headers(), records.stageEvent(PARTITION, written).value(), log.map(it -> it.append(written)));
        return this;
    }

    private void chapter(EventHeaders headers, byte[] value, Optional<Long> at) {
        lastOfChapter = at.orElse(++offset);
        firstOfChapter = firstOfChapter < 0 ? lastOfChapter : firstOfChapter;
        order.add(record(Topic.TURN_EVENTS, headers, value));
    }

    private WrittenExecution spine(Optional<StageId> about, RunFact fact) {
        long sequence = order.stream().mapToLong(it -> it.headers().count()).sum() + 1;
        EventId id = nextId();
        // What is said while a chapter is open has its place after it.
        RunEvent written = new RunEvent(run, id, about, open ? Optional.empty() : Optional.of(sequence), now(), fact);
        long at = log.map(it -> it.append(written)).orElse(++offset);
        firstOffset = firstOffset < 0 ? at : firstOffset;
        LogRecord record = record(
                Topic.RUN_EVENTS, written.headers(), records.runEvent(written).value());
        if (open) {
            afterChapter.add(record);
        } else {
            order.add(record);
            numbered = new RunView.NumberedSpot(at, sequence, id.prefix());
        }
        return this;
    }

    private LogRecord record(Topic topic, EventHeaders headers, byte[] value) {
        return new LogRecord(new LogPosition(topic, PARTITION, offset), run, now(), headers, value);
    }

    /** A failure of a worker. */
    public static TurnFailure failure(String code, boolean recoverable, Map<String, String> details) {
        return new TurnFailure(code, "It did not work.", recoverable, details);
    }
}
