package io.tailrace.coordinator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.coordinator.decide.RunDeciderProperties.Act;
import io.tailrace.coordinator.reading.BookReading;
import io.tailrace.coordinator.topology.StoredRuns;
import io.tailrace.events.id.ApprovalId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Pause;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.run.RunFact.ToolCallSpot;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.events.work.Continuation;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.events.work.WorkRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Turns that pause whenever they may, and workers, persons and time that do anything in any order. */
class PausedTurnProperties {
    private static final Limits LIMITS =
            new Limits(Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofMinutes(10), 3);

    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
    void everyRunEndsAndEverybodyCountsTheSame(@ForAll("acts") List<Act> acts) {
        Scene scene = played(acts);
        for (int i = 0; i < 60 && !(scene.state() instanceof RunState.Completed); i++) {
            scene.tickAfter(Duration.ofMinutes(10)).ticks(120).readAborts();
        }

        assertThat(scene.state()).isInstanceOf(RunState.Completed.class);
        assertThat(((RunFact.RunCompleted) scene.facts.getLast()).events())
                .isEqualTo(BookReading.countToTheEnd(Scene.RUN, Scene.PARTITION, scene.spine, scene.chapters));
    }

    /** What the spine says is all that the requests follow from. */
    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
    void nothingHappensBeforeItMayAndNothingTwice(@ForAll("acts") List<Act> acts) {
        Scene scene = played(acts);
        Told told = new Told();
        scene.facts.forEach(told::take);

        scene.requests.forEach(it -> told.check(scene, it));
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void replayAndStorageGiveTheSameState(@ForAll("acts") List<Act> acts) {
        Scene scene = new Scene().create(PausedTurnTest.PLAN, LIMITS);
        for (Act act : acts) {
            act.on().accept(scene);
            RunState replayed = new RunState.Unknown();
            for (Change change : scene.changes) {
                replayed = replayed.evolve(change);
            }
            assertThat(replayed).isEqualTo(scene.state());
            if (replayed instanceof RunState.Active active) {
                assertThat(StoredRuns.restored(active)).isEqualTo(active);
            }
        }
    }

    private static Scene played(List<Act> acts) {
        Scene scene = new Scene().create(PausedTurnTest.PLAN, LIMITS);
        acts.forEach(act -> act.on().accept(scene));
        return scene;
    }

    /** What the spine has said of a run's pauses, from one fact to the next. */
    private static final class Told {
        private final Map<ApprovalId, ToolCallSpot> asked = new LinkedHashMap<>();
        private final Map<ApprovalId, ApprovalDecision> decided = new HashMap<>();
        private final Set<ToolCallSpot> built = new HashSet<>();
        private final Map<Integer, List<Pause.PausedCall>> pauses = new HashMap<>();
        private final Map<Integer, RunFact.StageRequested> stages = new HashMap<>();
        private int stage;
        private Optional<Pause> open = Optional.empty();
        private Optional<Outcome> last = Optional.empty();

        void take(RunFact fact) {
            switch (fact) {
                case RunFact.StageRequested it -> requested(it);
                case RunFact.StageFinished it -> {
                    if (it.pause().isPresent()) {
                        open = it.pause();
                        pauses.put(stage, it.pause().get().calls());
                    } else if (stageOf(stage).call().isEmpty()) {
                        open = Optional.empty();
                    }
                    last = Optional.of(it.outcome());
                }
                case RunFact.ToolApprovalRequested it -> {
                    assertThat(asked.put(it.approvalId(), it.call()))
                            .as("asked once")
                            .isNull();
                    assertThat(tool(it.call().tool()).approval()).contains(it.timeout());
                    assertThat(it.call().stage().number()).isEqualTo(stage);
                }
                case RunFact.ToolApprovalDecided it -> {
                    assertThat(asked).containsKey(it.approvalId());
                    assertThat(decided.put(it.approvalId(), it.decision()))
                            .as("decided once")
                            .isNull();
                }
                case RunFact.Lifecycle _, RunFact.StageRedispatched _, RunFact.RunProgress _, RunFact.OfChat _ -> {}
            }
        }

        private void requested(RunFact.StageRequested it) {
            stage++;
            stages.put(stage, it);
            assertThat(decided.keySet()).as("nobody is asked any more").isEqualTo(asked.keySet());
            if (it.call().isPresent()) {
                ToolCallSpot call = it.call().get();
                assertThat(built.add(call)).as("executed once").isTrue();
                assertThat(tool(call.tool()).isExecutedInTurn()).isFalse();
                assertThat(open.orElseThrow().calls()).contains(new Pause.PausedCall(call.index(), call.tool()));
                asked.forEach((id, spot) -> {
                    if (spot.equals(call)) {
                        assertThat(decided).containsEntry(id, ApprovalDecision.APPROVED);
                    }
                });
                assertThat(tool(call.tool()).approval().isEmpty() || asked.containsValue(call))
                        .isTrue();
            } else if (open.isEmpty() && stage > 1) {
                assertThat(last).as("the next step").contains(Outcome.SUCCEEDED);
            }
        }

        void check(Scene scene, WorkRequest request) {
            int number = request.stageId().number();
            RunFact.StageRequested fact = stageOf(number);
            switch (request) {
                case BuildRequest it -> {
                    ToolCallSpot call = fact.call().orElseThrow();
                    assertThat(it.call().orElseThrow().stage()).isEqualTo(call.stage());
                    assertThat(it.call().get().index()).isEqualTo(call.index());
                    assertThat(scene.chapters)
                            .filteredOn(record ->
                                    record.position().equals(it.call().get().position()))
                            .singleElement()
                            .satisfies(record -> {
                                assertThat(record.headers().type()).isEqualTo("turn.paused");
                                assertThat(record.headers().stage()).contains(call.stage());
                            });
                }
                case TurnRequest it ->
                    ((TurnSource.PlanPrompt) it.source())
                            .continuation()
                            .ifPresent(continuation -> goesOn(number, it, continuation));
            }
        }

        private void goesOn(int number, TurnRequest request, Continuation continuation) {
            assertThat(stageOf(number).turnId()).contains(request.turnId());
            List<Pause.PausedCall> waited = Optional.ofNullable(
                            pauses.get(continuation.stages().getLast().stage().number()))
                    .orElseThrow();
            assertThat(continuation.answers())
                    .extracting(Continuation.CallAnswer::index)
                    .isEqualTo(waited.stream().map(Pause.PausedCall::index).toList());
            for (Continuation.CallAnswer answer : continuation.answers()) {
                ApprovalId id = ApprovalId.of(continuation.stages().getLast().stage(), answer.round(), answer.index());
                assertThat(answer.approval()).isEqualTo(Optional.ofNullable(decided.get(id)));
                boolean allowed =
                        answer.approval().isEmpty() || answer.approval().get() == ApprovalDecision.APPROVED;
                Tool tool = tool(waited.stream()
                        .filter(it -> it.index() == answer.index())
                        .findFirst()
                        .orElseThrow()
                        .tool());
                assertThat(answer.build().isPresent()).isEqualTo(allowed && !tool.isExecutedInTurn());
            }
        }

        private RunFact.StageRequested stageOf(int number) {
            return Optional.ofNullable(stages.get(number)).orElseThrow();
        }

        private static Tool tool(String name) {
            return PausedTurnTest.TOOLS.named(name).orElseThrow();
        }
    }

    @Provide
    Arbitrary<List<Act>> acts() {
        Arbitrary<Act> pause = Combinators.combine(
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.of("ask", "make", "risk")
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(4))
                .as(PausedTurnProperties::pause);
        Arbitrary<Act> answer = Combinators.combine(
                        Arbitraries.integers().between(0, 3), Arbitraries.of(true, true, false))
                .as(PausedTurnProperties::answer);
        return Arbitraries.frequencyOf(
                        Tuple.of(5, Arbitraries.just(new Act("claim", scene -> scene.claimOpen("a")))),
                        Tuple.of(5, pause),
                        Tuple.of(5, answer),
                        Tuple.of(2, Arbitraries.of(Outcome.values()).map(PausedTurnProperties::complete)),
                        Tuple.of(1, Arbitraries.just(new Act("release", scene -> scene.onHolder(scene::release)))),
                        Tuple.of(2, Arbitraries.integers().between(1, 40).map(PausedTurnProperties::ticks)),
                        Tuple.of(1, Arbitraries.just(new Act("aborts", Scene::readAborts))))
                .list()
                .ofMinSize(5)
                .ofMaxSize(40)
                .flatMap(PausedTurnProperties::perhapsCanceled);
    }

    private static Arbitrary<List<Act>> perhapsCanceled(List<Act> acts) {
        return Arbitraries.integers().between(0, 3 * acts.size()).map(at -> {
            List<Act> all = new ArrayList<>(acts);
            if (at < all.size()) {
                all.add(at, new Act("cancel", Scene::cancel));
            }
            return all;
        });
    }

    private static Act pause(int round, List<String> tools) {
        List<String> calls = new ArrayList<>();
        for (String tool : tools) {
            calls.add(calls.size() * 2 + ":" + tool);
        }
        return new Act(
                "pause in " + round + " for " + calls,
                scene -> scene.onHolder((stage, attempt, worker) -> {
                    if (((RunState.Open) scene.state()).topic() == Topic.TURN_EVENTS) {
                        scene.pause(stage, attempt, worker, round, calls);
                    }
                }));
    }

    /** Answers one of the questions that are open, or the same again where none is. */
    private static Act answer(int which, boolean approved) {
        return new Act("answer " + which + " " + approved, scene -> {
            List<ApprovalId> asked = scene.facts.stream()
                    .filter(RunFact.ToolApprovalRequested.class::isInstance)
                    .map(it -> ((RunFact.ToolApprovalRequested) it).approvalId())
                    .toList();
            if (!asked.isEmpty()) {
                scene.answer(asked.get(Math.max(0, asked.size() - 1 - which)).value(), approved);
            }
        });
    }

    private static Act complete(Outcome outcome) {
        return new Act(
                "complete " + outcome,
                scene -> scene.onHolder((stage, attempt, worker) -> scene.complete(stage, attempt, worker, outcome)));
    }

    private static Act ticks(int seconds) {
        return new Act("ticks " + seconds, scene -> scene.ticks(seconds));
    }
}
