package io.tailrace.events.codec;

import io.tailrace.events.command.RunCommand;
import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.definition.AssistantDefinition;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ProviderCatalogue;
import io.tailrace.events.definition.RepositoryDefinition;
import io.tailrace.events.definition.ToolServerCatalogue;
import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.knowledge.RepositoryChange;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.AssistantRun;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.EnvironmentStep;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.plan.StepInput;
import io.tailrace.events.plan.StepLimits;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.plan.TurnPolicy;
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
import io.tailrace.events.stage.BuildFact.BuildReason;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.LineEnd;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.events.work.Continuation;
import io.tailrace.events.work.KeptAnswer;
import io.tailrace.events.work.StepResult;
import io.tailrace.events.work.ToolBuild;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** At least one record of every type of every topic, with every optional field there and absent somewhere. */
final class SampleRecords {
    private static final RunId RUN = new RunId("r-sample");
    private static final StageId STAGE = StageId.of(RUN, 1);
    private static final EventId ID = EventId.of(new UUID(0x0123456789abcdefL, 0xfedcba9876543210L));
    private static final Instant AT = Instant.parse("2026-11-21T10:00:00.123Z");
    private static final WorkerId WORKER = new WorkerId("worker-1:ab");
    private static final Failure FAILURE = new Failure("phase_failed", "exit 1", Optional.of("test"));
    private static final ArtifactRef ARCHIVE =
            new ArtifactRef("0123456789abcdef".repeat(4), ArtifactRef.TAR_GZ, 700_000, 2, 5, 77);
    private static final PromptStep PROMPT = new PromptStep(
            Optional.of("explain"),
            "Explain ✓",
            new ModelChoice("scripted", Optional.of("echo")),
            Optional.of("Be brief."),
            new Generation(Optional.of(100), Optional.of(700), Optional.of(900), List.of("END")),
            Optional.of("{}"),
            Optional.of(new StepLimits(
                    Optional.of(Duration.ofMinutes(1)), Optional.of(Duration.ofSeconds(3)), Optional.of(2))));
    private static final Plan PLAN = new Plan(List.of(
            new BuildStep("commands", Optional.of("hello"), List.of()),
            new BuildStep(
                    "commands",
                    Optional.empty(),
                    List.of(new Phase(
                            "test",
                            "Run the tests ✓",
                            List.of("make", "-j", ""),
                            Duration.ofSeconds(3),
                            Map.of("A", "b"),
                            true))),
            BuildStep.ofEnvironment("python", new EnvironmentStep("ade", Optional.of(ARCHIVE), true)),
            PromptStep.of("Hello", new ModelChoice("scripted", Optional.empty())),
            PROMPT,
            new BuildStep(
                    "commands",
                    Optional.of("hello"),
                    List.of(),
                    Optional.empty(),
                    Optional.of("use-it"),
                    Optional.of(List.of(
                            new StepInput.FileInput("explain", "notes/answer.txt"),
                            new StepInput.VariableInput("explain", "ANSWER"))))));

    private static final ReusedAnswer REUSED = new ReusedAnswer(
            StageId.of(new RunId("r-before"), 1), new LogPosition(Topic.TURN_EVENTS, 2, 41), ReusedAnswer.Reason.RETRY);
    private static final ToolUse TOOLS = new ToolUse(
            List.of(
                    new Tool.HttpGet("fetch", Optional.of("Tides ✓"), List.of("tides.example.org"), false),
                    new Tool.RepositorySearch(
                            "look", Optional.empty(), new Retrieval(List.of(), Retrieval.SearchType.KEYWORD, 5, 500)),
                    new Tool.HttpGet(
                            "ask", Optional.empty(), List.of("*.example.org"), true, Optional.of(Duration.ofHours(1))),
                    new Tool.Build(
                            "make",
                            Optional.of("Builds it ✓"),
                            new BuildStep(
                                    "commands",
                                    Optional.of("hello"),
                                    List.of(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.of(List.of(new StepInput.VariableInput("target", "TARGET")))),
                            List.of(new Tool.Parameter("target", Optional.of("what to make"), true)),
                            Optional.of(Duration.ofMinutes(5))),
                    new Tool.Mcp("read", Optional.empty(), "files", "read_file", true, Optional.empty())),
            3,
            9,
            Duration.ofSeconds(7),
            4096);
    private static final Plan ASSISTANT = Plan.of(
            new AssistantRun("helper", 3, List.of(new AssistantRun.Output("summary", "explain"))),
            List.of(
                    PROMPT.of(new AssistantPrompt(
                                    10,
                                    List.of(AssistantPrompt.Variable.input("topic", "tides ✓")),
                                    Optional.of(REUSED),
                                    Optional.empty()))
                            .told(new Retrieval(
                                    List.of(new Retrieval.Source(
                                            7,
                                            "handbook",
                                            2,
                                            new RepositoryDefinition.Shape(
                                                    "english",
                                                    Optional.of(new RepositoryDefinition.Model("m-1", 2)),
                                                    100),
                                            1234)),
                                    Retrieval.SearchType.HYBRID,
                                    8,
                                    2000)),
                    PROMPT.named("again")
                            .of(new AssistantPrompt(
                                    20,
                                    List.of(AssistantPrompt.Variable.answer("explain")),
                                    Optional.empty(),
                                    Optional.of(Duration.ofHours(1))))
                            .with(TOOLS)));

    private static final StepResult RESULT =
            new StepResult("explain", STAGE, new LogPosition(Topic.TURN_EVENTS, 3, 98));
    private static final TurnId TURN = new TurnId("t-sample");
    private static final ChatPlan CHAT = new ChatPlan(
            TurnPolicy.ENQUEUE,
            3,
            Duration.ofHours(1),
            new ModelChoice("scripted", Optional.of("echo")),
            Optional.of("Be brief."),
            new Generation(Optional.of(100), Optional.of(700), Optional.of(900), List.of("END")));
    private static final TurnInput INPUT = new TurnInput(
            "Hello ✓",
            Optional.of(new ModelChoice("scripted", Optional.empty())),
            Optional.of(Generation.DEFAULT),
            Optional.of("{}"),
            Optional.of(TURN));
    private static final Usage USAGE =
            new Usage(Optional.of(10L), Optional.of(4L), Optional.of(3L), Optional.of(1L), Optional.of(13L));

    private static final ApprovalId APPROVAL = new ApprovalId("2-1-0");
    private static final Continuation CONTINUATION = new Continuation(
            List.of(new Continuation.PausedStage(STAGE, new ChapterRange(12, 99))),
            List.of(
                    new Continuation.CallAnswer(
                            2, 0, Optional.of(ApprovalDecision.DENIED), Optional.of("not today ✓"), Optional.empty()),
                    new Continuation.CallAnswer(
                            2,
                            1,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(new Continuation.BuildAnswer(
                                    STAGE,
                                    new LogPosition(Topic.BUILD_EVENTS, 3, 12),
                                    99,
                                    Outcome.FAILED,
                                    Optional.of(1),
                                    Optional.of(FAILURE))))));

    private SampleRecords() {}

    static List<Record> of(Topic topic) {
        return switch (topic) {
            case ARTIFACTS, CURSOR_KEYS, SUBSCRIPTIONS, CHECKPOINTS -> List.of();
            case DEFINITIONS ->
                List.of(
                        Definition.configuration(new WorkspaceId("w"), "ade", AT, ARCHIVE),
                        Definition.providers(AT, providers()),
                        Definition.repository(
                                new WorkspaceId("w"),
                                "handbook",
                                AT,
                                new RepositoryDefinition(
                                        2,
                                        Optional.of(new RepositoryDefinition.Shape(
                                                "english",
                                                Optional.of(new RepositoryDefinition.Model("m-1", 2)),
                                                100)))),
                        Definition.repository(
                                new WorkspaceId("w"), "gone", AT, new RepositoryDefinition(1, Optional.empty())),
                        Definition.assistant(
                                new WorkspaceId("w"), "helper", AT, new AssistantDefinition(3, Optional.of("{}"))),
                        Definition.assistant(
                                new WorkspaceId("w"), "helper", AT, new AssistantDefinition(4, Optional.empty())),
                        Definition.toolServers(
                                AT,
                                new ToolServerCatalogue(
                                        WORKER,
                                        List.of(
                                                new ToolServerCatalogue.ListedServer(
                                                        "files",
                                                        Optional.empty(),
                                                        List.of(new ToolServerCatalogue.ListedTool(
                                                                "read_file", Optional.of("Reads ✓")))),
                                                new ToolServerCatalogue.ListedServer(
                                                        "gone", Optional.of("It ended."), List.of())))));
            case REPOSITORIES ->
                List.of(
                        new RepositoryChange(
                                "w/handbook/2-00112233aabb",
                                "guides/kettle.md",
                                AT,
                                new RepositoryChange.DocumentPut(
                                        "The kettle ✓",
                                        "text/markdown",
                                        "0a".repeat(32),
                                        120,
                                        List.of(
                                                new RepositoryChange.StoredChunk(
                                                        0,
                                                        List.of("The kettle", "Use"),
                                                        "# Use\nFill it.",
                                                        false,
                                                        Optional.of("AACAPwAAAAA=")),
                                                new RepositoryChange.StoredChunk(
                                                        16, List.of(), "boil()", true, Optional.empty())))),
                        new RepositoryChange(
                                "w/handbook/2-00112233aabb", "old", AT, new RepositoryChange.DocumentDeleted()));
            case RUN_COMMANDS ->
                List.of(
                        new RunCommand(
                                RUN,
                                ID,
                                AT,
                                new RunCommand.CreateRun(
                                        new WorkspaceId("w"),
                                        "build",
                                        Optional.of("t"),
                                        PLAN,
                                        Limits.DEFAULT,
                                        Optional.of(RUN),
                                        "sha256:00")),
                        new RunCommand(
                                RUN,
                                ID,
                                AT,
                                new RunCommand.CreateRun(
                                        new WorkspaceId("w"),
                                        "assistant",
                                        Optional.empty(),
                                        ASSISTANT,
                                        Limits.DEFAULT,
                                        Optional.empty(),
                                        "sha256:00")),
                        new RunCommand(RUN, ID, AT, new RunCommand.CancelRun(Optional.empty())),
                        new RunCommand(RUN, ID, AT, new RunCommand.SubmitTurn(TURN, INPUT)),
                        new RunCommand(RUN, ID, AT, new RunCommand.CancelTurn(TURN, Optional.of("enough"))),
                        new RunCommand(RUN, ID, AT, new RunCommand.CloseRun(Optional.empty())),
                        new RunCommand(
                                RUN,
                                ID,
                                AT,
                                new RunCommand.DecideApproval(
                                        APPROVAL, false, Optional.of("ada"), Optional.of("not today"))));
            case RUN_EVENTS -> runFacts().map(SampleRecords::runEvent).toList();
            case BUILD_EVENTS -> buildFacts().map(SampleRecords::buildEvent).toList();
            case TURN_EVENTS -> turnFacts().map(SampleRecords::turnEvent).toList();
            case TURN_REQUESTS ->
                List.of(
                        turnRequest(new TurnSource.ChatMessage(
                                CHAT, new LogPosition(Topic.RUN_COMMANDS, 3, 7), List.of(5L, 17L))),
                        turnRequest(new TurnSource.PlanPrompt(PROMPT, List.of(RESULT))),
                        turnRequest(new TurnSource.PlanPrompt(
                                ((PromptStep) ASSISTANT.steps().getFirst()).with(TOOLS), List.of())),
                        turnRequest(new TurnSource.PlanPrompt(PROMPT, List.of(RESULT), Optional.of(CONTINUATION))));
            case BUILD_REQUESTS ->
                List.of(
                        buildRequest((BuildStep) PLAN.steps().get(1), Optional.empty()),
                        buildRequest((BuildStep) PLAN.steps().getLast(), Optional.of(List.of(RESULT))),
                        new BuildRequest(
                                RUN,
                                STAGE,
                                new Attempt(2),
                                new WorkspaceId("w"),
                                (BuildStep) PLAN.steps().getFirst(),
                                new LogPosition(Topic.BUILD_EVENTS, 3, 99),
                                AT,
                                Optional.empty(),
                                Optional.of(new ToolBuild(STAGE, new LogPosition(Topic.TURN_EVENTS, 3, 98), 2, 1))));
            case ANSWERS ->
                List.of(new KeptAnswer(
                        new WorkspaceId("w"),
                        "0123456789abcdef".repeat(4),
                        STAGE,
                        new LogPosition(Topic.TURN_EVENTS, 3, 98),
                        AT));
            case RUNS -> List.of(view(), chatView());
        };
    }

    private static ProviderCatalogue providers() {
        ProviderCatalogue.ListedModel full = new ProviderCatalogue.ListedModel(
                "m-1",
                200_000,
                64_000,
                new ProviderCatalogue.GenerationDefaults(
                        Optional.of(4096), Optional.of(0.2), Optional.of(0.95), List.of("</answer>")),
                List.of("streaming", "tools"));
        ProviderCatalogue.ListedModel bare = new ProviderCatalogue.ListedModel(
                "m-2",
                8_000,
                1_000,
                new ProviderCatalogue.GenerationDefaults(
                        Optional.empty(), Optional.empty(), Optional.empty(), List.of()),
                List.of());
        return new ProviderCatalogue(
                WORKER,
                List.of(
                        new ProviderCatalogue.ListedProvider(
                                "local",
                                "openai",
                                Optional.of("chat"),
                                Optional.of("http://127.0.0.1:11434/v1"),
                                Optional.empty(),
                                List.of(),
                                List.of(),
                                Optional.of("m-1"),
                                List.of(full, bare)),
                        new ProviderCatalogue.ListedProvider(
                                "aws",
                                "bedrock",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of("eu-central-1"),
                                List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
                                List.of("AWS_SECRET_ACCESS_KEY"),
                                Optional.empty(),
                                List.of(bare))));
    }

    private static BuildRequest buildRequest(BuildStep step, Optional<List<StepResult>> results) {
        return new BuildRequest(
                RUN,
                STAGE,
                new Attempt(2),
                new WorkspaceId("w"),
                step,
                new LogPosition(Topic.BUILD_EVENTS, 3, 99),
                AT,
                results,
                Optional.empty());
    }

    private static TurnRequest turnRequest(TurnSource source) {
        return TurnRequest.of(
                RUN,
                STAGE,
                new Attempt(2),
                new WorkspaceId("w"),
                TURN,
                source,
                new LogPosition(Topic.TURN_EVENTS, 3, 99),
                AT);
    }

    private static Record runEvent(RunFact fact) {
        return new RunEvent(RUN, ID, Optional.of(STAGE), Optional.of(7L), AT, fact);
    }

    private static Record turnEvent(TurnFact fact) {
        return switch (fact) {
            case StageFact.Tick tick -> TurnEvent.tick(ID, AT, tick);
            case StageFact.StageAborted aborted -> TurnEvent.aborted(ID, STAGE, AT, aborted);
            default -> TurnEvent.ofAttempt(ID, STAGE, new Attempt(2), 9, WORKER, AT, fact);
        };
    }

    private static Record buildEvent(BuildFact fact) {
        return switch (fact) {
            case StageFact.Tick tick -> BuildEvent.tick(ID, AT, tick);
            case StageFact.StageAborted aborted -> BuildEvent.aborted(ID, STAGE, AT, aborted);
            default -> BuildEvent.ofAttempt(ID, STAGE, new Attempt(2), 9, WORKER, AT, fact);
        };
    }

    static Stream<RunFact> runFacts() {
        return Stream.of(
                new RunFact.RunCreated(
                        new WorkspaceId("w"), "build", Optional.empty(), PLAN, Limits.DEFAULT, Optional.empty(), "d"),
                new RunFact.RunStarted(2),
                new RunFact.StageRequested(1, 2, "commands", Attempt.FIRST, new LogPosition(Topic.BUILD_EVENTS, 3, 12)),
                new RunFact.StageRedispatched(
                        new Attempt(2), RunFact.RedispatchReason.SILENCE, Optional.of(WORKER), Duration.ofSeconds(6)),
                new RunFact.StageFinished(
                        1,
                        new Attempt(2),
                        Outcome.FAILED,
                        Optional.of(FAILURE),
                        Optional.of(1),
                        new ChapterRange(12, 99),
                        Optional.of(WORKER),
                        Optional.of(AT),
                        Duration.ofMillis(12),
                        Duration.ofMillis(1200),
                        17,
                        11),
                new RunFact.RunCancelRequested(Optional.of("not needed")),
                new RunFact.RunProgress(1, 2, new Attempt(2), WORKER, Duration.ofMillis(12)),
                new RunFact.RunCreated(
                        new WorkspaceId("w"),
                        "chat",
                        Optional.empty(),
                        Plan.of(CHAT),
                        Limits.DEFAULT,
                        Optional.empty(),
                        "d"),
                new RunFact.StageRequested(
                        2,
                        2,
                        RunFact.TURN,
                        Attempt.FIRST,
                        new LogPosition(Topic.TURN_EVENTS, 3, 12),
                        Optional.of(TURN)),
                new RunFact.StageFinished(
                        2,
                        Attempt.FIRST,
                        Outcome.SUCCEEDED,
                        Optional.empty(),
                        Optional.empty(),
                        new ChapterRange(12, 99),
                        Optional.of(WORKER),
                        Optional.of(AT),
                        Duration.ofMillis(12),
                        Duration.ofMillis(1200),
                        17,
                        0,
                        Optional.of(USAGE)),
                new RunFact.StageRequested(
                        1,
                        2,
                        "commands",
                        Attempt.FIRST,
                        new LogPosition(Topic.BUILD_EVENTS, 3, 12),
                        Optional.empty(),
                        Optional.of(new RunFact.ToolCallSpot(STAGE, 2, 1, "make"))),
                new RunFact.StageFinished(
                        1,
                        Attempt.FIRST,
                        Outcome.SUCCEEDED,
                        Optional.empty(),
                        Optional.empty(),
                        new ChapterRange(12, 99),
                        Optional.of(WORKER),
                        Optional.of(AT),
                        Duration.ofMillis(12),
                        Duration.ofMillis(1200),
                        17,
                        0,
                        Optional.of(USAGE),
                        Optional.of(new Pause(
                                2, List.of(new Pause.PausedCall(0, "ask"), new Pause.PausedCall(1, "make"))))),
                new RunFact.ToolApprovalRequested(
                        APPROVAL,
                        new RunFact.ToolCallSpot(STAGE, 1, 0, "ask"),
                        "{\"url\":\"https://example.org/✓\"}",
                        31,
                        Duration.ofHours(1)),
                new RunFact.ToolApprovalDecided(
                        APPROVAL, ApprovalDecision.APPROVED, Optional.of("ada"), Optional.empty()),
                new RunFact.ToolApprovalDecided(
                        APPROVAL, ApprovalDecision.EXPIRED, Optional.empty(), Optional.of("nobody answered")),
                new RunFact.TurnSubmitted(TURN, INPUT),
                new RunFact.TurnSubmitted(TURN, TurnInput.of("Hello")),
                new RunFact.TurnRejected(TURN, RunFact.Rejection.TURN_ACTIVE, "Another turn is active."),
                new RunFact.TurnCancelRequested(TURN, Optional.of("enough")),
                new RunFact.RunCloseRequested(Optional.empty()),
                new RunFact.RunCompleted(
                        Outcome.SUCCEEDED,
                        Optional.empty(),
                        Duration.ofHours(1),
                        2,
                        3,
                        40,
                        0,
                        Optional.of(Usage.NONE.plus(USAGE))),
                new RunFact.RunCompleted(Outcome.CANCELED, Optional.empty(), Duration.ofHours(1), 2, 3, 40, 11));
    }

    static Stream<BuildFact> buildFacts() {
        return Stream.of(
                new BuildFact.AttemptStarted("commands"),
                new StageFact.AttemptReleased("shutdown"),
                new StageFact.StageAborted(StageFact.AbortReason.WALL_CLOCK, Outcome.FAILED, "spent"),
                new StageFact.Heartbeat(),
                new StageFact.Tick("coordinator-1"),
                new BuildFact.BuildCreated(
                        "commands",
                        Optional.of("hello"),
                        BuildReason.DIRTY_OR_MISSING,
                        true,
                        List.of(new BuildFact.PlannedPhase("test", "Run the tests"))),
                new BuildFact.BuildCreated(
                        "python-env",
                        Optional.of("python"),
                        BuildReason.REUSE_OK,
                        false,
                        List.of(),
                        Optional.of(new BuildFact.EnvironmentPlan(
                                "ade",
                                "engine-1.0.whl",
                                Optional.of("1.0"),
                                "/usr/bin/python3",
                                ARCHIVE.digest(),
                                "f1"))),
                new BuildFact.BuildStarted(BuildReason.FORCE_REBUILD),
                new BuildFact.BuildPhaseStarted(
                        "test", "Run the tests", 1, 2, List.of("make", "test"), Duration.ofMinutes(1)),
                new BuildFact.BuildPhaseCompleted(
                        "test",
                        BuildFact.PhaseStatus.TIMED_OUT,
                        Duration.ofMinutes(1),
                        Optional.empty(),
                        Optional.of(FAILURE)),
                new BuildFact.BuildPhaseCompleted(
                        "upgrade_pip",
                        BuildFact.PhaseStatus.SKIPPED,
                        Duration.ZERO,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("there is no index")),
                new BuildFact.ConsoleLines(
                        "build",
                        Optional.of("test"),
                        List.of(
                                new ConsoleLine(ConsoleStream.STDOUT, LineEnd.NEWLINE, "\u001b[32mok\u001b[0m ✓\r"),
                                new ConsoleLine(ConsoleStream.STDERR, LineEnd.EOF, ""))),
                new BuildFact.BuildCompleted(
                        Outcome.FAILED,
                        BuildReason.FORCE_REBUILD,
                        Duration.ofMinutes(2),
                        Optional.of(2),
                        Optional.of(FAILURE),
                        2,
                        10,
                        1000),
                new BuildFact.BuildCompleted(
                        Outcome.SUCCEEDED,
                        BuildReason.DIRTY_OR_MISSING,
                        Duration.ofMinutes(2),
                        Optional.of(0),
                        Optional.empty(),
                        6,
                        10,
                        1000,
                        Optional.of(new BuildFact.EnvironmentResult(
                                true,
                                false,
                                Optional.of("f1"),
                                Optional.of("3.11.2"),
                                List.of(new BuildFact.InstalledPackage("pip", "23.0")),
                                Optional.of(12_345L)))));
    }

    static Stream<TurnFact> turnFacts() {
        AssistantMessage answer = new AssistantMessage(
                "Hi", Optional.of("Hm"), List.of(new AssistantMessage.ToolCall("c1", "look", "{\"a\":1}")));
        TurnFact.ToolCallRef call = new TurnFact.ToolCallRef(1, 0, "c1", "look");
        TurnFact.Compaction compaction = new TurnFact.Compaction("They said hello.", TurnFact.CompactedBy.RULE, 4);
        TurnFact.TurnContent content = new TurnFact.TurnContent(
                TURN,
                "Hello",
                answer,
                "scripted",
                "echo",
                USAGE,
                Duration.ofMillis(900),
                Optional.of(Duration.ofMillis(40)),
                Optional.of(compaction));
        return Stream.of(
                new TurnFact.AttemptStarted(TURN),
                new StageFact.AttemptReleased("shutdown"),
                new StageFact.StageAborted(StageFact.AbortReason.STAGE_DEADLINE, Outcome.FAILED, "spent"),
                new StageFact.Heartbeat(),
                new StageFact.Tick("coordinator-1"),
                new TurnFact.TurnStarted(TURN, "Hello", "scripted", "echo", Optional.of(TURN)),
                new TurnFact.VariablesSubstituted(List.of(
                        new TurnFact.Substitution(
                                "topic",
                                Optional.of("tides ✓"),
                                "0a".repeat(32),
                                7,
                                Optional.empty(),
                                Optional.empty()),
                        new TurnFact.Substitution(
                                "explain",
                                Optional.empty(),
                                "0b".repeat(32),
                                70_000,
                                Optional.of("explain"),
                                Optional.of(RESULT.position())))),
                new TurnFact.KnowledgeRetrievalStarted(
                        List.of(new TurnFact.AskedRepository(7, "handbook", 1234)), Retrieval.SearchType.HYBRID),
                new TurnFact.KnowledgeRetrieved(
                        List.of(new TurnFact.RetrievedChunk(7, "guides/kettle.md", 1200, 3, 100, 190, 0.75)),
                        1,
                        0.75,
                        23),
                new TurnFact.AnswerReused(REUSED),
                new TurnFact.ContextBuilt(
                        List.of(new TurnFact.ContextShare(TurnFact.ContextPart.HISTORY, 2, 30, 1)), 100, 8000),
                new TurnFact.ContextCompacted(compaction, 7000, 200),
                new TurnFact.ModelDelta(List.of(
                        new TurnFact.Delta(TurnFact.DeltaKind.TEXT, "Hi", Optional.empty()),
                        new TurnFact.Delta(
                                TurnFact.DeltaKind.TOOL_CALL,
                                "{",
                                Optional.of(new TurnFact.ToolCallPart(0, Optional.of("c1"), Optional.of("look")))))),
                new TurnFact.ToolCallsRequested(1, answer, true),
                new TurnFact.ToolExecutionStarted(call, "{\"q\":\"tides ✓\"}", "s-1/1/0"),
                new TurnFact.ToolExecutionCompleted(
                        call,
                        TurnFact.ToolOutcome.SUCCEEDED,
                        "high at 10:12",
                        13,
                        Optional.empty(),
                        Optional.of("The third time."),
                        Duration.ofMillis(12),
                        false),
                new TurnFact.ToolExecutionCompleted(
                        call,
                        TurnFact.ToolOutcome.UNKNOWN,
                        "",
                        0,
                        Optional.of("outcome_unknown"),
                        Optional.empty(),
                        Duration.ZERO,
                        true),
                new TurnFact.TurnCheckpointed(TURN, 0, AssistantMessage.EMPTY, Optional.empty(), Usage.NONE),
                new TurnFact.TurnCheckpointed(TURN, 1, answer, Optional.of(TurnFact.FinishReason.LENGTH), USAGE),
                new TurnFact.TurnUsage(
                        "scripted", "echo", 1, Attempt.FIRST, TurnFact.Billing.LOST_ATTEMPT, true, Usage.NONE),
                new TurnFact.TurnContinued(TURN, 2, "scripted", "echo"),
                new TurnFact.TurnPaused(
                        TURN,
                        2,
                        List.of(new TurnFact.WaitingCall(call, "{\"target\":\"tides ✓\"}")),
                        USAGE,
                        Duration.ofMillis(900)),
                new TurnFact.TurnCompleted(content, TurnFact.FinishReason.STOP),
                new TurnFact.TurnFailed(
                        new TurnFact.TurnContent(
                                TURN,
                                "Hello",
                                AssistantMessage.EMPTY,
                                "scripted",
                                "echo",
                                Usage.NONE,
                                Duration.ZERO,
                                Optional.empty(),
                                Optional.empty()),
                        new TurnFailure("rate_limited", "Wait.", true, Map.of("retry_after_ms", "1000"))));
    }

    private static RunView chatView() {
        RunView.TurnView turn = new RunView.TurnView(
                TURN,
                RunView.TurnStatus.FAILED,
                Optional.of(1),
                AT,
                Optional.of(AT),
                Optional.of("timeout"),
                Optional.of("It took too long."),
                Optional.of(TURN));
        return new RunView(
                RUN,
                new WorkspaceId("w"),
                "chat",
                Optional.empty(),
                RunStatus.IDLE,
                AT,
                Optional.of(AT),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Plan.of(CHAT),
                Limits.DEFAULT,
                List.of(),
                "d",
                3,
                17,
                new RunView.NumberedSpot(19, 3, 0x01234567),
                22,
                Optional.of(new RunView.ChatView(4, true, List.of(turn))),
                Optional.empty());
    }

    private static RunView view() {
        return new RunView(
                RUN,
                new WorkspaceId("w"),
                "build",
                Optional.of("t"),
                RunStatus.FAILED,
                AT,
                Optional.of(AT),
                Optional.of(AT),
                Optional.empty(),
                Optional.empty(),
                Optional.of(FAILURE),
                PLAN,
                Limits.DEFAULT,
                List.of(new RunView.StageView(
                        STAGE,
                        1,
                        new Attempt(2),
                        Optional.of(Outcome.FAILED),
                        Optional.of(WORKER),
                        AT,
                        Optional.of(AT),
                        Optional.empty(),
                        Optional.of(Duration.ofMillis(5)),
                        Optional.empty(),
                        Optional.of(98L),
                        Optional.of(RunView.StagePart.PAUSED))),
                "d",
                3,
                17,
                new RunView.NumberedSpot(19, 3, 0x01234567),
                22,
                Optional.empty(),
                Optional.of(List.of(new RunView.ApprovalView(
                        APPROVAL, STAGE, "ask", "{\"url\":\"…\"}", 5000, AT, Duration.ofHours(1)))));
    }
}
