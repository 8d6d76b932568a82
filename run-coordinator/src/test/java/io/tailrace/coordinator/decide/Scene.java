package io.tailrace.coordinator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.command.RunCommand.CancelRun;
import io.tailrace.events.command.RunCommand.CancelTurn;
import io.tailrace.events.command.RunCommand.CloseRun;
import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.command.RunCommand.DecideApproval;
import io.tailrace.events.command.RunCommand.SubmitTurn;
import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Step;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.plan.TurnPolicy;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageEvent;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.events.work.Continuation;
import io.tailrace.events.work.StepResult;
import io.tailrace.events.work.ToolBuild;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.events.work.WorkRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * One run and the log around it, in memory: gives the decider one input after the other as the shell would, writes down
 * what comes of it as everybody would read it, and lets a test say what workers do.
 */
public final class Scene {
    public static final RunId RUN = new RunId("r-scene");
    public static final int PARTITION = 2;
    public static final Duration IDLE_TIMEOUT = Duration.ofMinutes(30);

    /** What the spine got, and the stages' topic. */
    public final List<LogRecord> spine = new ArrayList<>();

    public final List<LogRecord> chapters = new ArrayList<>();
    public final List<Change> changes = new ArrayList<>();
    public final List<RunFact> facts = new ArrayList<>();
    public final List<WorkRequest> requests = new ArrayList<>();
    public final Deque<Decision.Abort> abortsOnTheirWay = new ArrayDeque<>();

    private final RunDecider decider = new RunDecider(StageTimeouts.DEFAULT);
    private final List<String> said = new ArrayList<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private RunState state = new RunState.Unknown();
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private long spineOffset = 40;
    private final Map<Topic, Side> sides = new EnumMap<>(Map.of(Topic.BUILD_EVENTS, new Side(Duration.ZERO, 1000)));
    private Plan plan = new Plan(List.of());
    private final Map<Integer, Topic> stages = new HashMap<>();
    private long inputs;
    private long tickSentAfter;
    private Observer observer = (_, _, _, _) -> {};

    /** The run's partition of a topic that its stages are in. */
    private static final class Side {
        PartitionClock clock;
        long nextOffset;
        final Deque<Long> unreadTicks = new ArrayDeque<>();

        Side(Duration elapsed, long nextOffset) {
            this.clock = new PartitionClock(elapsed, Optional.empty());
            this.nextOffset = nextOffset;
        }
    }

    /** Looks at each decision when it is made. */
    interface Observer {
        /**
         * A decision was made.
         *
         * @param tickSentAfter on a tick, how many inputs had been decided on when it was sent
         */
        void decided(Input input, Decision decision, RunState after, long tickSentAfter);
    }

    Scene observedBy(Observer by) {
        observer = by;
        return this;
    }

    public RunState state() {
        return state;
    }

    /** What was decided since the last time this was asked. */
    List<String> said() {
        List<String> since = List.copyOf(said);
        said.clear();
        return since;
    }

    // What clients do.

    public Scene create(int steps) {
        return create(steps, Limits.DEFAULT);
    }

    public Scene create(int steps, Limits limits) {
        return create(
                Collections.nCopies(steps, new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of())), limits);
    }

    /** A plan of any steps. Its topics have clocks and offsets that are far apart. */
    public Scene create(List<Step> steps, Limits limits) {
        return create("build", new Plan(steps), limits);
    }

    private Scene create(String kind, Plan asked, Limits limits) {
        if (state instanceof RunState.Unknown) {
            plan = asked;
            Side first = side(Topic.BUILD_EVENTS);
            sides.clear();
            sides.put(plan.firstKind().events(), first);
            for (Step step : plan.steps()) {
                sides.computeIfAbsent(step.kind().events(), _ -> new Side(Duration.ofHours(2), 700_000));
                if (step instanceof PromptStep prompt && prompt.toolUse().isPresent()) {
                    sides.computeIfAbsent(Topic.BUILD_EVENTS, _ -> new Side(Duration.ofHours(2), 700_000));
                }
            }
        }
        return input(new Input.Create(
                context(),
                RUN,
                new CreateRun(
                        new WorkspaceId("demo"), kind, Optional.empty(), asked, limits, Optional.empty(), "digest")));
    }

    /** The topic that stages are in now. */
    private Topic topic() {
        return state instanceof RunState.Open open
                ? open.stage().topic()
                : plan.firstKind().events();
    }

    /** The topic of a stage; of one that was never requested, that of the plan's step with its number. */
    private Topic topicOf(int stage) {
        if (stages.containsKey(stage)) {
            return stages.get(stage);
        }
        return plan.chat().isEmpty() && stage <= plan.steps().size()
                ? plan.steps().get(stage - 1).kind().events()
                : plan.firstKind().events();
    }

    private Side side(Topic topic) {
        return Optional.ofNullable(sides.get(topic)).orElseThrow();
    }

    public Scene createChat(TurnPolicy policy, int maxQueued, Limits limits) {
        ChatPlan chat = new ChatPlan(
                policy,
                maxQueued,
                IDLE_TIMEOUT,
                new ModelChoice("scripted", Optional.empty()),
                Optional.empty(),
                Generation.DEFAULT);
        return create("chat", Plan.of(chat), limits);
    }

    /** The turn's command lies where its name says: {@code turn-7} at offset 7. */
    public Scene submit(int turn) {
        return input(new Input.Submit(
                context(),
                new LogPosition(Topic.RUN_COMMANDS, PARTITION, turn),
                new SubmitTurn(turn(turn), TurnInput.of("message " + turn))));
    }

    public Scene cancelTurn(int turn) {
        return input(new Input.CancelOfTurn(context(), new CancelTurn(turn(turn), Optional.of("enough"))));
    }

    public Scene close() {
        return input(new Input.Close(context(), new CloseRun(Optional.empty())));
    }

    public static TurnId turn(int number) {
        return new TurnId("turn-" + number);
    }

    public Scene cancel() {
        return input(new Input.Cancel(context(), new CancelRun(Optional.of("enough"))));
    }

    /** A person answers a question. */
    Scene answer(String approval, boolean approved) {
        return input(new Input.Approval(
                context(),
                new DecideApproval(new ApprovalId(approval), approved, Optional.of("ada"), Optional.of("because"))));
    }

    // What time does.

    /** So many seconds with a tick each. */
    public Scene ticks(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now = now.plusSeconds(1);
            tick();
        }
        return this;
    }

    /** So much time without a tick, then one. */
    public Scene tickAfter(Duration span) {
        now = now.plus(span);
        return tick();
    }

    /** So much time without a tick. */
    public Scene pause(Duration span) {
        now = now.plus(span);
        return this;
    }

    /** The broker's clock is set back, or another broker's is behind. */
    public Scene setBack(Duration span) {
        now = now.minus(span);
        return this;
    }

    /** The coordinator falls behind the log: so many of the ticks to come have been appended by now. */
    public Scene fallBehind(int ticks) {
        for (int i = 0; i < ticks; i++) {
            sides.values().forEach(it -> it.unreadTicks.addLast(inputs));
        }
        return this;
    }

    private Scene tick() {
        List.copyOf(sides.keySet()).forEach(this::tick);
        return this;
    }

    private Scene tick(Topic topic) {
        Side side = side(topic);
        side.nextOffset++;
        Long sent = side.unreadTicks.pollFirst();
        tickSentAfter = sent == null ? inputs : sent;
        side.clock = side.clock.ticked(now);
        return input(new Input.Tick(context(), topic));
    }

    /** So many seconds in which only the other topic ticks, if the plan has stages in two. */
    Scene otherTicks(int seconds) {
        Topic mine = topic();
        for (int i = 0; i < seconds; i++) {
            now = now.plusSeconds(1);
            sides.keySet().stream().filter(it -> it != mine).toList().forEach(this::tick);
        }
        return this;
    }

    /** The topic ticks in which none of the run's stages are. */
    public Scene foreignTick() {
        return input(new Input.Tick(context(), other(topic())));
    }

    private static Topic other(Topic topic) {
        return topic == Topic.BUILD_EVENTS ? Topic.TURN_EVENTS : Topic.BUILD_EVENTS;
    }

    /** A worker of the other kind writes the record that the open stage's holder is about to write, into its own topic. */
    void endElsewhere() {
        onHolder((step, attempt, worker) -> {
            long next = sequences.getOrDefault(step + "/" + attempt + "/" + worker, 0L) + 1;
            TurnFact end = TurnWords.end(Outcome.SUCCEEDED, Optional.empty());
            EventHeaders headers = TurnEvent.ofAttempt(
                            nextId("worker"),
                            StageId.of(RUN, step),
                            new Attempt(attempt),
                            next,
                            new WorkerId(worker),
                            now,
                            end)
                    .headers();
            input(new Input.StageRecord(context(), other(topic()), 3, headers, StageEnd.of(end)));
        });
    }

    // What workers do.

    /** Somebody in the role of a stage's holder. */
    interface Role {
        void act(int step, int attempt, String worker);
    }

    /** Claims the attempt of the open stage that was dispatched last, if there is one. */
    void claimOpen(String worker) {
        if (state instanceof RunState.Open open) {
            claim(open.stage().id().number(), open.stage().dispatch().attempt().value(), worker);
        }
    }

    /** Has the open stage's holder do something, if there is one. */
    void onHolder(Role role) {
        if (state instanceof RunState.Open open) {
            open.stage().holding().fence().holder().ifPresent(it -> {
                int stage = open.stage().id().number();
                String key =
                        stage + "/" + it.attempt().value() + "/" + it.worker().value();
                sequences.put(key, open.stage().holding().fence().lastSequence());
                role.act(stage, it.attempt().value(), it.worker().value());
            });
        }
    }

    /** Does something to the open stage, if there is one. */
    void onOpen(IntConsumer act) {
        if (state instanceof RunState.Open open) {
            act.accept(open.stage().id().number());
        }
    }

    /** The holder's terminal record arrives, and nobody can read its value. */
    void endUnreadably() {
        onHolder((step, attempt, worker) -> {
            long sequence = sequences.merge(step + "/" + attempt + "/" + worker, 1L, Long::sum);
            TurnFact end = TurnWords.end(Outcome.SUCCEEDED, Optional.empty());
            readUndecoded(
                    TurnEvent.ofAttempt(
                                    nextId("worker"),
                                    StageId.of(RUN, step),
                                    new Attempt(attempt),
                                    sequence,
                                    new WorkerId(worker),
                                    now,
                                    end)
                            .headers(),
                    Optional.empty());
        });
    }

    /** A worker writes what only the coordinator may: nobody can tell, so the stage ends. */
    void forgeAbort() {
        onOpen(step -> {
            StageFact.StageAborted fact = new StageFact.StageAborted(
                    StageFact.AbortReason.STAGE_DEADLINE, Outcome.FAILED, "x".repeat(1_000_000));
            readUndecoded(
                    topicOf(step),
                    BuildEvent.aborted(nextId("forger"), StageId.of(RUN, step), now, fact)
                            .headers(),
                    StageEnd.of(fact));
        });
    }

    /** The topic of stages begins at its beginning again. */
    Scene topicMadeAnew() {
        sides.values().forEach(it -> it.nextOffset = 10);
        return this;
    }

    /** The log had counted this of the open stage, and perhaps no longer has it. */
    Scene recordsLost(int step, int attempt, String worker, long lastSequence) {
        return input(new Input.RecordsLost(
                context(),
                StageId.of(RUN, step),
                new Fence(
                        Optional.of(new Fence.Holder(new Attempt(attempt), new WorkerId(worker))),
                        lastSequence,
                        false)));
    }

    public Scene claim(int step, int attempt, String worker) {
        sequences.put(step + "/" + attempt + "/" + worker, 0L);
        return write(step, attempt, worker, new BuildFact.AttemptStarted("commands"));
    }

    public Scene lines(int step, int attempt, String worker, int count) {
        return write(
                step,
                attempt,
                worker,
                new BuildFact.ConsoleLines(
                        "build",
                        Optional.of("make"),
                        Collections.nCopies(
                                count,
                                new BuildFact.ConsoleLine(
                                        BuildFact.ConsoleStream.STDOUT, BuildFact.LineEnd.NEWLINE, "x"))));
    }

    public Scene heartbeat(int step, int attempt, String worker) {
        return write(step, attempt, worker, new StageFact.Heartbeat());
    }

    public Scene release(int step, int attempt, String worker) {
        return write(step, attempt, worker, new StageFact.AttemptReleased("shutdown"));
    }

    public Scene complete(int step, int attempt, String worker, Outcome outcome) {
        return write(
                step,
                attempt,
                worker,
                new BuildFact.BuildCompleted(
                        outcome,
                        BuildFact.BuildReason.FORCE_REBUILD,
                        Duration.ZERO,
                        Optional.of(0),
                        Optional.empty(),
                        1,
                        0,
                        0));
    }

    /** The next record of an attempt. */
    Scene write(int step, int attempt, String worker, BuildFact fact) {
        long sequence = sequences.merge(step + "/" + attempt + "/" + worker, 1L, Long::sum);
        return write(step, attempt, worker, sequence, fact);
    }

    public Scene write(int step, int attempt, String worker, long sequence, BuildFact fact) {
        EventId id = nextId("worker");
        StageId stage = StageId.of(RUN, step);
        Attempt number = new Attempt(attempt);
        WorkerId by = new WorkerId(worker);
        if (topicOf(step) == Topic.BUILD_EVENTS) {
            return readUndecoded(
                    Topic.BUILD_EVENTS,
                    BuildEvent.ofAttempt(id, stage, number, sequence, by, now, fact)
                            .headers(),
                    StageEnd.of(fact));
        }
        TurnFact inTurn = TurnWords.of(fact);
        TurnEvent event = TurnEvent.ofAttempt(id, stage, number, sequence, by, now, inTurn);
        return readUndecoded(Topic.TURN_EVENTS, event.headers(), StageEnd.of(inTurn));
    }

    /** The holder completes its turn with a record that sums up the oldest turns before it. */
    public Scene completeCompacted(int step, int attempt, String worker, int turns) {
        return end(
                step,
                attempt,
                worker,
                TurnWords.end(
                        Outcome.SUCCEEDED,
                        Optional.of(new TurnFact.Compaction("Short.", TurnFact.CompactedBy.RULE, turns))));
    }

    /** The holder completes its turn and says what it took. */
    Scene completeWith(int step, int attempt, String worker, Usage usage) {
        return end(step, attempt, worker, TurnWords.end(Outcome.SUCCEEDED, Optional.empty(), usage));
    }

    /** The holder pauses its turn for these calls: {@code index:tool}. */
    Scene pause(int stage, int attempt, String worker, int round, List<String> calls) {
        return end(
                stage,
                attempt,
                worker,
                new TurnFact.TurnPaused(
                        turn(1),
                        round,
                        calls.stream()
                                .map(it -> it.split(":", 2))
                                .map(it -> new TurnFact.WaitingCall(
                                        new TurnFact.ToolCallRef(round, Integer.parseInt(it[0]), "c", it[1]), "{}"))
                                .toList(),
                        Usage.NONE,
                        Duration.ZERO));
    }

    private Scene end(int step, int attempt, String worker, TurnFact end) {
        long sequence = sequences.merge(step + "/" + attempt + "/" + worker, 1L, Long::sum);
        TurnEvent event = TurnEvent.ofAttempt(
                nextId("worker"),
                StageId.of(RUN, step),
                new Attempt(attempt),
                sequence,
                new WorkerId(worker),
                now,
                end);
        return readUndecoded(event.headers(), StageEnd.of(end));
    }

    /** The forced ends that were decided on arrive in the log. */
    public Scene readAborts() {
        while (!abortsOnTheirWay.isEmpty()) {
            readAbort(abortsOnTheirWay.removeFirst());
        }
        return this;
    }

    /** The oldest forced end on its way arrives, or is lost. */
    public Scene nextAbort(boolean arrives) {
        Decision.Abort next = abortsOnTheirWay.pollFirst();
        return next == null || !arrives ? this : readAbort(next);
    }

    private Scene readAbort(Decision.Abort abort) {
        int step = Integer.parseInt(abort.stage().value().substring(RUN.value().length() + 1));
        assertThat(abort.topic()).isEqualTo(topicOf(step));
        StageFact.StageAborted fact = abort.end().aborted();
        StageEvent event =
                StageEvent.aborted(StageKind.executedIn(abort.topic()), abort.id(), abort.stage(), now, fact);
        return readUndecoded(abort.topic(), event.headers(), StageEnd.of(fact));
    }

    Scene readUndecoded(EventHeaders headers, Optional<StageEnd> end) {
        return readUndecoded(topic(), headers, end);
    }

    private Scene readUndecoded(Topic topic, EventHeaders headers, Optional<StageEnd> end) {
        long offset = side(topic).nextOffset++;
        chapters.add(new LogRecord(new LogPosition(topic, PARTITION, offset), RUN, now, headers, new byte[0]));
        return input(new Input.StageRecord(context(), topic, offset, headers, end));
    }

    // What the shell does.

    private Scene input(Input input) {
        inputs++;
        Decision decision = decider.decide(state, input);
        state = decision.applyTo(state);
        changes.addAll(decision.changes());
        for (RunEvent event : decision.events()) {
            facts.add(event.payload());
            if (event.payload() instanceof RunFact.StageRequested requested) {
                stages.put(
                        event.stageId().orElseThrow().number(),
                        requested.chapterFrom().topic());
            }
            said.add(Said.of(event));
            spine.add(new LogRecord(
                    new LogPosition(Topic.RUN_EVENTS, PARTITION, spineOffset++),
                    RUN,
                    now,
                    event.headers(),
                    new byte[0]));
        }
        for (WorkRequest request : decision.requests()) {
            requests.add(request);
            said.add(
                    switch (request) {
                        case BuildRequest it ->
                            describe(it.stageId(), it.attempt())
                                    + describe(it.resultList())
                                    + it.call().map(Scene::describe).orElse("");
                        case TurnRequest it -> describe(it.stageId(), it.attempt()) + describe(it);
                    });
        }
        for (Decision.Abort abort : decision.aborts()) {
            abortsOnTheirWay.addLast(abort);
            said.add("abort " + Said.lower(abort.end().reason()));
        }
        observer.decided(input, decision, state, tickSentAfter);
        return this;
    }

    private InputContext context() {
        long input = inputs;
        Map<Topic, PartitionSnapshot> snapshots = new EnumMap<>(Topic.class);
        for (Topic topic : StageKind.eventTopics()) {
            // Whoever takes a wrong one is noticed by its time, which is long past everything.
            snapshots.put(
                    topic,
                    new PartitionSnapshot(
                            Duration.ofDays(900), Duration.ofDays(900), new LogPosition(topic, PARTITION, 7)));
        }
        sides.forEach((topic, side) -> snapshots.put(
                topic,
                new PartitionSnapshot(
                        side.clock.elapsed(),
                        side.clock.elapsed().plus(PartitionClock.LONGEST_STEP.multipliedBy(side.unreadTicks.size())),
                        new LogPosition(topic, PARTITION, side.nextOffset))));
        return new InputContext(now, snapshots, index -> id("input-" + input + "-" + index));
    }

    private static String describe(TurnRequest request) {
        return switch (request.source()) {
            case TurnSource.ChatMessage(ChatPlan _, LogPosition message, List<Long> history) ->
                " " + request.turnId() + "@" + message.offset() + " after " + history;
            case TurnSource.PlanPrompt(PromptStep _, List<StepResult> results, Optional<Continuation> continuation) ->
                " prompt" + describe(results)
                        + continuation.map(it -> describe(request, it)).orElse("");
        };
    }

    private static String describe(TurnRequest request, Continuation continuation) {
        return continuation.stages().stream()
                        .map(it -> it.stage().number() + "@" + it.chapter().firstOffset() + "-"
                                + it.chapter().lastOffset())
                        .collect(Collectors.joining(
                                ",",
                                request.turnId()
                                                .equals(TurnId.of(continuation
                                                        .stages()
                                                        .getFirst()
                                                        .stage()))
                                        ? " goes on from "
                                        : " of another turn from ",
                                ""))
                + continuation.answers().stream()
                        .map(Scene::describe)
                        .collect(Collectors.joining(", ", " told [", "]"));
    }

    private static String describe(Continuation.CallAnswer answer) {
        return answer.round() + "/" + answer.index()
                + answer.approval().map(it -> " " + Said.lower(it)).orElse("")
                + answer.build()
                        .map(it -> " built " + it.stage().number() + "@"
                                + it.from().offset() + "-" + it.lastOffset() + " " + Said.lower(it.outcome()))
                        .orElse("");
    }

    private static String describe(ToolBuild call) {
        return " for " + call.stage().number() + "@" + call.position().offset() + " " + call.round() + "/"
                + call.index();
    }

    private static String describe(List<StepResult> results) {
        return results.isEmpty()
                ? ""
                : results.stream()
                        .map(it -> it.step() + "@" + it.position().offset())
                        .collect(Collectors.joining(",", " of ", ""));
    }

    private static String describe(StageId stage, Attempt attempt) {
        return "request " + stage.value().substring(RUN.value().length()) + "/" + attempt.value();
    }

    private EventId nextId(String prefix) {
        return id(prefix + inputs);
    }

    private static EventId id(String name) {
        return EventId.of(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }
}
