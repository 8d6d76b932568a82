package io.tailrace.turn.stage;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.work.Continuation;
import io.tailrace.events.work.Continuation.BuildAnswer;
import io.tailrace.events.work.Continuation.CallAnswer;
import io.tailrace.events.work.Continuation.PausedStage;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.turn.knowledge.Knowledge;
import io.tailrace.turn.provider.CallTimeouts;
import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.ModelProvider;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.turn.provider.runtime.ProviderRuntime;
import io.tailrace.turn.tool.CallResult;
import io.tailrace.turn.tool.ToolExecution;
import io.tailrace.turn.tool.ToolRequest;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopSignal;
import io.tailrace.worker.stage.StageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Attempts at one prompt with tools, by the scripted provider, with a log in memory and tools of the test. */
final class ToolTurns implements AutoCloseable {
    static final StageId STAGE = StageId.of(new RunId("r-tools"), 1);
    static final String KEY = STAGE.value() + "/";

    /** Not idempotent. */
    static final Tool ACT = new Tool.HttpGet("act", Optional.of("Acts."), List.of("example.org"), false);

    static final Tool GET = new Tool.HttpGet("get", Optional.empty(), List.of("example.org"), true);
    static final Tool SEARCH = new Tool.RepositorySearch(
            "look_up",
            Optional.empty(),
            new Retrieval(
                    List.of(new Retrieval.Source(7, "handbook", 1, new Shape("english", Optional.empty(), 100), 12)),
                    Retrieval.SearchType.KEYWORD,
                    8,
                    2000));

    /** Not idempotent, and a person has to allow it. */
    static final Tool ASK = new Tool.HttpGet(
            "ask", Optional.empty(), List.of("example.org"), false, Optional.of(Tool.DEFAULT_APPROVAL));

    /** A build, with a parameter that is needed and one that is not. */
    static final Tool BUILD = new Tool.Build(
            "build",
            Optional.empty(),
            new BuildStep(
                    BuildStep.COMMANDS,
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
            List.of(
                    new Tool.Parameter("url", Optional.of("What is \"built\"."), true),
                    new Tool.Parameter("how", Optional.empty(), false)),
            Optional.empty());

    final StopSignal stop = new StopSignal();
    final FakeTurnLog turns = new FakeTurnLog();
    final List<ModelRequest> asked = new CopyOnWriteArrayList<>();
    final List<ToolRequest> executed = new CopyOnWriteArrayList<>();
    ToolUse use = ToolUse.of(List.of(ACT, GET, SEARCH));
    ToolExecution tools = (request, _) -> CallResult.succeeded("result of " + request.argument());
    SaidFacts log = new SaidFacts();
    String provider = "scripted";
    String question = "What is there?";
    StageId stage = STAGE;
    Optional<AssistantPrompt> assistant = Optional.empty();
    Optional<Retrieval> retrieval = Optional.empty();
    Knowledge knowledge = (_, _, _, _, _) -> {
        throw new AssertionError("nothing is to be found");
    };
    Optional<Continuation> continuation = Optional.empty();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private final ProviderRuntime providers;

    ToolTurns(ProviderDefinition... definitions) {
        this(Map.of(), definitions);
    }

    /** @param variables of the environment */
    ToolTurns(Map<String, String> variables, ProviderDefinition... definitions) {
        providers = new ProviderRuntime(List.of(definitions), Environment.of(variables), Recorded::new);
    }

    /** Remembers what the model was asked. */
    private final class Recorded implements ModelProvider {
        private final ModelProvider provider;

        Recorded(ModelProvider provider) {
            this.provider = provider;
        }

        @Override
        public String id() {
            return provider.id();
        }

        @Override
        public ProviderFamily family() {
            return provider.family();
        }

        @Override
        public ProviderCall start(ModelRequest request) {
            asked.add(request);
            return provider.start(request);
        }
    }

    /** Executes an attempt after those before it; the steps are those of a script. */
    void execute(String... steps) throws AttemptLost {
        Attempt attempt = new Attempt(turns.earlier.size() + 1);
        PromptStep step = new PromptStep(
                Optional.of("ask"),
                question,
                new ModelChoice(provider, Optional.empty()),
                Optional.empty(),
                Generation.DEFAULT,
                Optional.of("{\"steps\": [" + String.join(",", steps) + "]}"),
                Optional.empty(),
                assistant,
                retrieval,
                Optional.of(use));
        LogPosition chapter = new LogPosition(Topic.TURN_EVENTS, 0, 0);
        TurnRequest request = TurnRequest.of(
                new RunId("r-tools"),
                stage,
                attempt,
                new WorkspaceId("demo"),
                TurnId.of(STAGE),
                new TurnSource.PlanPrompt(step, List.of(), continuation),
                chapter,
                Instant.EPOCH);
        new TurnExecutor(
                        turns,
                        (_, _) -> {
                            throw new AssertionError("there are no results");
                        },
                        knowledge,
                        Caches.none(),
                        (call, own) -> {
                            executed.add(call);
                            return tools.execute(call, own);
                        },
                        providers.registry(),
                        new TurnSettings(Duration.ofMillis(1), CallTimeouts.defaults(), 50, 200, 4096),
                        timer,
                        System::nanoTime,
                        new TurnMetrics(new SimpleMeterRegistry()))
                .execute(new StageRequest<>(stage, attempt, chapter, request), log, stop);
    }

    /** What the log has of the attempt is that of an earlier one now, but for the facts behind so many. */
    void lose(int facts) {
        turns.earlier.add(new EarlierAttempt(
                new Attempt(turns.earlier.size() + 1),
                log.facts().subList(0, Math.min(facts, log.facts().size()))));
        log = new SaidFacts();
        asked.clear();
    }

    /** The stage has paused the turn: the next one goes on with what became of the calls that wait. */
    void goOn(CallAnswer... answers) {
        turns.paused.addAll(turns.earlier);
        turns.paused.add(new EarlierAttempt(new Attempt(turns.earlier.size() + 1), log.facts()));
        List<PausedStage> stages =
                new ArrayList<>(continuation.map(Continuation::stages).orElse(List.of()));
        stages.add(new PausedStage(stage, new ChapterRange(0, 1)));
        continuation = Optional.of(new Continuation(stages, List.of(answers)));
        stage = StageId.of(STAGE.run(), stage.number() + 2);
        turns.earlier.clear();
        log = new SaidFacts();
        asked.clear();
    }

    /** A person's word about a call. */
    static CallAnswer word(int round, int index, ApprovalDecision decision) {
        return new CallAnswer(round, index, Optional.of(decision), Optional.empty(), Optional.empty());
    }

    /** A build that executed a call. */
    static CallAnswer built(int round, int index, StageId by, Outcome outcome) {
        BuildAnswer build = new BuildAnswer(
                by, new LogPosition(Topic.BUILD_EVENTS, 0, 0), 1, outcome, Optional.empty(), Optional.empty());
        return new CallAnswer(round, index, Optional.empty(), Optional.empty(), Optional.of(build));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        providers.close();
    }

    /** A step of a script that calls one tool. */
    static String call(String tool, String argument, String value) {
        return calls(one(tool, argument, value));
    }

    /** A call within a step. */
    static String one(String tool, String argument, String value) {
        return "{\"name\": \"" + tool + "\", \"arguments\": {\"" + argument + "\": \"" + value + "\"}}";
    }

    /** A step of a script that makes these calls. */
    static String calls(String... calls) {
        return "{\"text\": \"Let me see. \", \"tool_calls\": [" + String.join(",", calls) + "],"
                + " \"usage\": {\"input\": 10, \"output\": 5}}";
    }

    /** A step of a script that answers. */
    static String says(String text) {
        return "{\"text\": \"" + text + "\", \"usage\": {\"input\": 20, \"output\": 3}}";
    }
}
