package io.tailrace.coordinator.decide;

import io.tailrace.events.build.BuildEvent;
import io.tailrace.events.build.BuildFact;
import io.tailrace.events.command.RunCommand.CancelRun;
import io.tailrace.events.command.RunCommand.CreateRun;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.Step;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.work.BuildRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One run and the log around it, in memory: gives the decider one input after the other as the shell would, writes down
 * what comes of it as everybody would read it, and lets a test say what workers do.
 */
public final class Scene {
    public static final RunId RUN = new RunId("r-scene");
    public static final int PARTITION = 2;

    /** What the spine got, and the stages' topic. */
    public final List<LogRecord> spine = new ArrayList<>();

    public final List<LogRecord> chapters = new ArrayList<>();
    public final List<Change> changes = new ArrayList<>();
    public final List<RunFact> facts = new ArrayList<>();
    public final List<BuildRequest> requests = new ArrayList<>();
    public final Deque<BuildEvent> abortsOnTheirWay = new ArrayDeque<>();

    private final RunDecider decider = new RunDecider(Patience.DEFAULT);
    private final List<String> said = new ArrayList<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private RunState state = new RunState.Unknown();
    private PartitionClock clock = PartitionClock.START;
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private long spineOffset = 40;
    private long chapterOffset = 1000;
    private long inputs;

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
        List<Step> plan =
                Collections.nCopies(steps, new BuildStep(BuildStep.COMMANDS, Optional.of("hello"), List.of()));
        return input(new Input.Create(
                moment(),
                RUN,
                new CreateRun(
                        new WorkspaceId("demo"),
                        "build",
                        Optional.empty(),
                        new Plan(plan),
                        limits,
                        Optional.empty(),
                        "digest")));
    }

    public Scene cancel() {
        return input(new Input.Cancel(moment(), new CancelRun(Optional.of("enough"))));
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

    private Scene tick() {
        chapterOffset++;
        clock = clock.ticked(now);
        return input(new Input.Tick(moment()));
    }

    // What workers do.

    /** Somebody in the role of a stage's holder. */
    interface Role {
        void act(int step, int attempt, String worker);
    }

    /** Claims the attempt of the open stage that was dispatched last, if there is one. */
    void claimOpen(String worker) {
        if (state instanceof RunState.Open open) {
            claim(open.stage().step(), open.stage().dispatch().attempt().value(), worker);
        }
    }

    /** Has the open stage's holder do something, if there is one. */
    void onHolder(Role role) {
        if (state instanceof RunState.Open open) {
            open.stage().holding().fence().holder().ifPresent(it -> {
                String key = open.stage().step() + "/" + it.attempt().value() + "/"
                        + it.worker().value();
                sequences.put(key, open.stage().holding().fence().lastSequence());
                role.act(open.stage().step(), it.attempt().value(), it.worker().value());
            });
        }
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
        return write(step, attempt, worker, new BuildFact.Heartbeat());
    }

    public Scene release(int step, int attempt, String worker) {
        return write(step, attempt, worker, new BuildFact.AttemptReleased("shutdown"));
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
        return read(BuildEvent.ofAttempt(
                nextId("worker"),
                StageId.of(RUN, step),
                new Attempt(attempt),
                sequence,
                new WorkerId(worker),
                now,
                fact));
    }

    /** The forced ends that were decided on arrive in the log. */
    public Scene readAborts() {
        while (!abortsOnTheirWay.isEmpty()) {
            read(abortsOnTheirWay.removeFirst());
        }
        return this;
    }

    /** The oldest forced end on its way arrives, or is lost. */
    public Scene nextAbort(boolean arrives) {
        BuildEvent next = abortsOnTheirWay.pollFirst();
        return next == null || !arrives ? this : read(next);
    }

    private Scene read(BuildEvent event) {
        return readUndecoded(event.headers(), Optional.of(event.payload()));
    }

    Scene readUndecoded(EventHeaders headers, Optional<BuildFact> fact) {
        long offset = chapterOffset++;
        chapters.add(
                new LogRecord(new LogPosition(Topic.BUILD_EVENTS, PARTITION, offset), RUN, now, headers, new byte[0]));
        return input(new Input.StageRecord(moment(), offset, headers, fact));
    }

    // What the shell does.

    private Scene input(Input input) {
        inputs++;
        Decision decision = decider.decide(state, input);
        state = decision.applyTo(state);
        changes.addAll(decision.changes());
        for (RunEvent event : decision.events()) {
            facts.add(event.payload());
            said.add(describe(event));
            spine.add(new LogRecord(
                    new LogPosition(Topic.RUN_EVENTS, PARTITION, spineOffset++),
                    RUN,
                    now,
                    event.headers(),
                    new byte[0]));
        }
        for (BuildRequest request : decision.requests()) {
            requests.add(request);
            said.add(
                    "request " + request.stageId().value().substring(RUN.value().length()) + "/"
                            + request.attempt().value());
        }
        for (BuildEvent abort : decision.aborts()) {
            abortsOnTheirWay.addLast(abort);
            if (abort.payload() instanceof BuildFact.StageAborted aborted) {
                said.add("abort " + lower(aborted.reason()));
            }
        }
        return this;
    }

    private Moment moment() {
        long input = inputs;
        return new Moment(
                now,
                clock.elapsed(),
                new LogPosition(Topic.BUILD_EVENTS, PARTITION, chapterOffset),
                index -> id("input-" + input + "-" + index));
    }

    private EventId nextId(String prefix) {
        return id(prefix + chapterOffset);
    }

    private static EventId id(String name) {
        return EventId.of(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }

    private static String describe(RunEvent event) {
        String number = event.runSequence().map(it -> " #" + it).orElse("");
        String detail = switch (event.payload()) {
            case RunFact.RunCreated _, RunFact.RunStarted _, RunFact.RunCancelRequested _ -> "";
            case RunFact.StageRequested it -> " " + it.step();
            case RunFact.StageRedispatched it -> " " + it.attempt().value() + " " + lower(it.reason());
            case RunFact.RunProgress it -> " " + it.step() + "/" + it.attempt().value();
            case RunFact.StageFinished it ->
                " " + it.step() + " " + lower(it.outcome())
                        + it.failure()
                                .map(failure -> " (" + failure.code() + ")")
                                .orElse("");
            case RunFact.RunCompleted it ->
                " " + lower(it.outcome())
                        + it.failure()
                                .map(failure -> " (" + failure.code() + ")")
                                .orElse("");
        };
        return event.payload().type().wireName() + detail + number;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
