package io.tailrace.turn.stage;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Retrieval;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
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

    final StopSignal stop = new StopSignal();
    final FakeTurnLog turns = new FakeTurnLog();
    final List<ModelRequest> asked = new CopyOnWriteArrayList<>();
    final List<ToolRequest> executed = new CopyOnWriteArrayList<>();
    ToolUse use = ToolUse.of(List.of(ACT, GET, SEARCH));
    ToolExecution tools = (request, _) -> CallResult.succeeded("result of " + request.argument());
    SaidFacts log = new SaidFacts();
    String provider = "scripted";
    String question = "What is there?";
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
                Optional.empty(),
                Optional.empty(),
                Optional.of(use));
        LogPosition chapter = new LogPosition(Topic.TURN_EVENTS, 0, 0);
        TurnRequest request = TurnRequest.of(
                new RunId("r-tools"),
                STAGE,
                attempt,
                new WorkspaceId("demo"),
                TurnId.of(STAGE),
                new TurnSource.PlanPrompt(step, List.of()),
                chapter,
                Instant.EPOCH);
        new TurnExecutor(
                        turns,
                        (_, _) -> {
                            throw new AssertionError("there are no results");
                        },
                        (_, _, _, _, _) -> {
                            throw new AssertionError("nothing is to be found");
                        },
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
                .execute(new StageRequest<>(STAGE, attempt, chapter, request), log, stop);
    }

    /** What the log has of the attempt is that of an earlier one now, but for the facts behind so many. */
    void lose(int facts) {
        turns.earlier.add(new EarlierAttempt(
                new Attempt(turns.earlier.size() + 1),
                log.facts().subList(0, Math.min(facts, log.facts().size()))));
        log = new SaidFacts();
        asked.clear();
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
