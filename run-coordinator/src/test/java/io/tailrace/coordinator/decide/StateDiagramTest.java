package io.tailrace.coordinator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.ChapterRange;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.ChatPlan;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.plan.TurnPolicy;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Pause;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The state diagram in the documentation is that of the code: every state is given every fact. */
class StateDiagramTest {
    private static final Path PAGE = Path.of("..", "docs", "architecture.md");
    private static final Pattern EDGE = Pattern.compile("(?m)^ *(\\w+) --> (\\w+) : (.+)$");
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final RunId RUN = new RunId("r-diagram");
    private static final TurnId TURN = new TurnId("t-0123456789");
    private static final ApprovalId APPROVAL = new ApprovalId("1-1-0");
    private static final TurnInput INPUT =
            new TurnInput("Hello", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    private static final Plan STEPS = new Plan(List.of(
            new BuildStep("commands", Optional.of("a"), List.of()),
            new BuildStep("commands", Optional.of("b"), List.of())));
    private static final Plan TOOLS = new Plan(List.of(
            PromptStep.of("Hello", new ModelChoice("scripted", Optional.empty()))
                    .with(ToolUse.of(List.of(new Tool.HttpGet(
                            "ask", Optional.empty(), List.of("a.example"), true, Optional.of(Duration.ofHours(1)))))),
            new BuildStep("commands", Optional.of("b"), List.of())));
    private static final Plan CHAT = Plan.of(new ChatPlan(
            TurnPolicy.ENQUEUE,
            10,
            Duration.ofHours(1),
            new ModelChoice("scripted", Optional.empty()),
            Optional.empty(),
            Generation.DEFAULT));

    @Test
    void theDiagramHasEveryTransitionAndNoOther() throws Exception {
        Set<String> transitions = new TreeSet<>();
        for (Plan plan : List.of(STEPS, TOOLS, CHAT)) {
            follow(new RunState.Unknown(), plan, new HashSet<>(), transitions);
        }

        assertThat(drawn()).isEqualTo(transitions);
    }

    /** One line for each transition by one fact. */
    private static Set<String> drawn() throws Exception {
        Set<String> transitions = new TreeSet<>();
        Matcher edges = EDGE.matcher(Files.readString(PAGE));
        while (edges.find()) {
            for (String fact : edges.group(3).strip().split(", ", -1)) {
                transitions.add(edges.group(1) + " --> " + edges.group(2) + " : " + fact);
            }
        }
        return transitions;
    }

    private static void follow(RunState state, Plan plan, Set<String> seen, Set<String> transitions) {
        if (!seen.add(name(state))) {
            return;
        }
        for (RunFact fact : facts(plan)) {
            Optional<RunState> next = after(state, fact);
            if (next.isPresent()) {
                transitions.add(name(state) + " --> " + name(next.get()) + " : "
                        + fact.type().wireName());
                follow(withTurn(next.get(), plan), plan, seen, transitions);
            }
        }
    }

    private static String name(RunState state) {
        return state.getClass().getSimpleName();
    }

    private static Optional<RunState> after(RunState state, RunFact fact) {
        RunEvent event = new RunEvent(
                RUN, EventId.of(new UUID(1, 2)), Optional.of(StageId.of(RUN, 1)), Optional.of(7L), NOW, fact);
        try {
            return Optional.of(state.evolve(new Change.Emitted(event, Duration.ZERO)));
        } catch (IllegalStateException contradiction) {
            return Optional.empty();
        }
    }

    /** A chat can open a stage only for a turn that waits. */
    private static RunState withTurn(RunState state, Plan plan) {
        boolean takesTurns = state instanceof RunState.Idle || state instanceof RunState.Running;
        return plan.chat().isPresent() && takesTurns ? state.evolve(new Change.TurnAccepted(turn())) : state;
    }

    private static PendingTurn turn() {
        return new PendingTurn(TURN, new LogPosition(Topic.RUN_COMMANDS, 0, 3));
    }

    private static List<RunFact> facts(Plan plan) {
        Optional<TurnId> turn = plan.chat().map(it -> TURN);
        LogPosition from = new LogPosition(Topic.BUILD_EVENTS, 0, 0);
        return List.of(
                new RunFact.RunCreated(
                        new WorkspaceId("w"),
                        "build",
                        Optional.empty(),
                        plan,
                        Limits.DEFAULT,
                        Optional.empty(),
                        "digest"),
                new RunFact.RunStarted(plan.steps().size()),
                new RunFact.StageRequested(1, 2, "commands", Attempt.FIRST, from, turn),
                new RunFact.StageRedispatched(
                        Attempt.FIRST.next(),
                        RunFact.RedispatchReason.SILENCE,
                        Optional.of(new WorkerId("w")),
                        Duration.ofSeconds(6)),
                new RunFact.StageFinished(
                        1,
                        Attempt.FIRST,
                        Outcome.SUCCEEDED,
                        Optional.empty(),
                        Optional.empty(),
                        new ChapterRange(0, 1),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ZERO,
                        Duration.ZERO,
                        1,
                        0,
                        Optional.empty(),
                        Optional.of(new Pause(1, List.of(new Pause.PausedCall(0, "ask"))))
                                .filter(_ -> plan.equals(TOOLS))),
                new RunFact.ToolApprovalRequested(
                        APPROVAL,
                        new RunFact.ToolCallSpot(StageId.of(RUN, 1), 1, 0, "ask"),
                        "{}",
                        2,
                        Duration.ofHours(1)),
                new RunFact.ToolApprovalDecided(
                        APPROVAL, ApprovalDecision.APPROVED, Optional.empty(), Optional.empty()),
                new RunFact.RunCancelRequested(Optional.empty()),
                new RunFact.TurnSubmitted(TURN, INPUT),
                new RunFact.TurnRejected(TURN, RunFact.Rejection.CANCELED, "canceled"),
                new RunFact.TurnCancelRequested(TURN, Optional.empty()),
                new RunFact.RunCloseRequested(Optional.empty()),
                new RunFact.RunProgress(1, 2, Attempt.FIRST, new WorkerId("w"), Duration.ZERO),
                new RunFact.RunCompleted(Outcome.SUCCEEDED, Optional.empty(), Duration.ZERO, 1, 1, 1, 0));
    }

    @Test
    void everyFactIsGivenToEveryState() {
        assertThat(facts(STEPS).stream().<Class<?>>map(Object::getClass))
                .containsExactlyInAnyOrderElementsOf(
                        leaves(RunFact.class).distinct().toList());
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(StateDiagramTest::leaves)
                : Stream.of(type);
    }
}
