package io.tailrace.coordinator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.coordinator.reading.BookReading;
import io.tailrace.coordinator.topology.StoredRuns;
import io.tailrace.events.id.Attempt;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Step;
import io.tailrace.events.plan.StepInput;
import io.tailrace.events.plan.StepLimits;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.work.WorkRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** Whatever workers, clients and time do, in whatever order: what always holds. {@link Judge} looks at each step. */
class RunDeciderProperties {
    private static final List<String> WORKERS = List.of("a", "b", "c");

    /** Something that happens; its text is what a failing example shows. */
    record Act(String text, Consumer<Scene> on) {
        @Override
        public String toString() {
            return text;
        }
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void eachStepHasItsCauseAndEveryRunEndsOnceAndEverybodyCountsTheSame(
            @ForAll("limits") Limits limits, @ForAll("plans") List<Step> plan, @ForAll("acts") List<Act> acts) {
        Scene scene = played(limits, plan, acts);
        runOut(scene);

        assertThat(scene.state()).isInstanceOf(RunState.Completed.class);
        assertThat(scene.facts.getLast()).isInstanceOf(RunFact.RunCompleted.class);
        assertThat(scene.facts.stream().filter(RunFact.RunCompleted.class::isInstance))
                .hasSize(1);
        assertThat(((RunFact.RunCompleted) scene.facts.getLast()).events())
                .isEqualTo(BookReading.countToTheEnd(Scene.RUN, Scene.PARTITION, scene.spine, scene.chapters));
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void everyAttemptThatWasDispatchedWasRequested(
            @ForAll("limits") Limits limits, @ForAll("plans") List<Step> plan, @ForAll("acts") List<Act> acts) {
        Scene scene = played(limits, plan, acts);

        Set<String> requested = new HashSet<>();
        for (WorkRequest request : scene.requests) {
            requested.add(request.stageId().value() + "/" + request.attempt().value());
        }
        int stage = 0;
        for (RunFact fact : scene.facts) {
            if (fact instanceof RunFact.StageRequested it) {
                stage = it.step();
                assertThat(requested).contains(Scene.RUN.value() + "." + stage + "/" + Attempt.FIRST.value());
            } else if (fact instanceof RunFact.StageRedispatched it) {
                assertThat(requested)
                        .contains(Scene.RUN.value() + "." + stage + "/"
                                + it.attempt().value());
            }
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void replayAndStorageGiveTheSameState(
            @ForAll("limits") Limits limits, @ForAll("plans") List<Step> plan, @ForAll("acts") List<Act> acts) {
        Scene scene = new Scene().observedBy(new Judge(limits, plan)).create(plan, limits);
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

    private static Scene played(Limits limits, List<Step> plan, List<Act> acts) {
        Scene scene = new Scene().observedBy(new Judge(limits, plan)).create(plan, limits);
        acts.forEach(act -> act.on().accept(scene));
        return scene;
    }

    /** Nobody does anything any more; only time goes on, and the log takes what it is given. */
    private static void runOut(Scene scene) {
        for (int i = 0; i < 60 && !(scene.state() instanceof RunState.Completed); i++) {
            scene.tickAfter(Duration.ofMinutes(10)).ticks(20).readAborts();
        }
    }

    /** Builds and prompts in any order, each of which uses the results of all prompts before it. */
    @Provide
    Arbitrary<List<Step>> plans() {
        Arbitrary<Optional<StepLimits>> own = Combinators.combine(
                        Arbitraries.integers().between(1, 60).optional(),
                        Arbitraries.integers().between(1, 60).optional(),
                        Arbitraries.integers().between(1, 4).optional())
                .as((stage, queue, attempts) ->
                        new StepLimits(stage.map(Duration::ofSeconds), queue.map(Duration::ofSeconds), attempts))
                .optional();
        Arbitrary<Optional<Optional<StepLimits>>> step = own.optional();
        return step.list().ofMinSize(1).ofMaxSize(4).map(RunDeciderProperties::plan);
    }

    /** A build where there is nothing, else a prompt with these limits. */
    private static List<Step> plan(List<Optional<Optional<StepLimits>>> kinds) {
        List<Step> plan = new ArrayList<>();
        List<String> prompts = new ArrayList<>();
        for (Optional<Optional<StepLimits>> kind : kinds) {
            String name = "step-" + (plan.size() + 1);
            if (kind.isEmpty()) {
                List<StepInput> inputs = prompts.stream()
                        .<StepInput>map(it -> new StepInput.FileInput(it, it))
                        .toList();
                plan.add(new BuildStep(
                        BuildStep.COMMANDS,
                        Optional.of("hello"),
                        List.of(),
                        Optional.empty(),
                        Optional.of(name),
                        Optional.of(inputs)));
            } else {
                StringBuilder text = new StringBuilder("Hello");
                prompts.forEach(it -> text.append("{{steps.").append(it).append(".text}}"));
                plan.add(new PromptStep(
                        Optional.of(name),
                        text.toString(),
                        new ModelChoice("scripted", Optional.empty()),
                        Optional.empty(),
                        Generation.DEFAULT,
                        Optional.empty(),
                        kind.get()));
                prompts.add(name);
            }
        }
        return plan;
    }

    @Provide
    Arbitrary<Limits> limits() {
        return Combinators.combine(
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(5, 60),
                                Arbitraries.integers().between(60, 900)),
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(1, 40),
                                Arbitraries.integers().between(40, 900)),
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(1, 20),
                                Arbitraries.integers().between(20, 900)),
                        Arbitraries.integers().between(1, 4))
                .as((wall, stage, queue, attempts) -> new Limits(
                        Duration.ofSeconds(wall), Duration.ofSeconds(stage), Duration.ofSeconds(queue), attempts));
    }

    @Provide
    Arbitrary<List<Act>> acts() {
        Arbitrary<Integer> step = Arbitraries.integers().between(1, 3);
        Arbitrary<Tuple2<Integer, String>> attempt = Combinators.combine(
                        Arbitraries.integers().between(1, 4), Arbitraries.of(WORKERS))
                .as(Tuple::of);
        Arbitrary<Act> time = Arbitraries.integers()
                .between(1, 9)
                .map(seconds -> new Act("ticks " + seconds, it -> it.ticks(seconds)));
        Arbitrary<Act> outage = Arbitraries.integers()
                .between(2, 400)
                .map(seconds -> new Act("outage " + seconds, it -> it.tickAfter(Duration.ofSeconds(seconds))));
        Arbitrary<Act> gap = Arbitraries.oneOf(
                Arbitraries.of(1, 45, 3600, 90_000)
                        .map(seconds -> new Act("pause " + seconds, it -> it.pause(Duration.ofSeconds(seconds)))),
                Arbitraries.of(1, 3, 4000)
                        .map(seconds -> new Act("set back " + seconds, it -> it.setBack(Duration.ofSeconds(seconds)))),
                Arbitraries.of(1, 3, 60).map(ticks -> new Act("fall behind " + ticks, it -> it.fallBehind(ticks))));
        Arbitrary<Act> forged = Arbitraries.of(
                new Act("unreadable end", Scene::endUnreadably),
                new Act("forged abort", Scene::forgeAbort),
                new Act("end in another topic", Scene::endElsewhere),
                new Act("the other topic ticks", it -> it.otherTicks(5)),
                new Act("release twice", it -> {
                    it.onHolder(it::release);
                    it.onHolder(it::release);
                }),
                new Act("forged claim 1000", it -> it.onOpen(at -> it.claim(at, 1000, "forger"))),
                new Act(
                        "forged claim at the top",
                        it -> it.onOpen(at -> it.claim(at, EventHeaders.MAX_ATTEMPT, "forger"))));
        Arbitrary<Act> cancel = Arbitraries.just(new Act("cancel", Scene::cancel));
        Arbitrary<Act> again = Arbitraries.just(new Act("create again", it -> it.create(1)));
        Arbitrary<Act> abort = Arbitraries.of(true, false)
                .map(arrives -> new Act("abort arrives " + arrives, it -> it.nextAbort(arrives)));
        Arbitrary<Act> work = Combinators.combine(
                        step, attempt, Arbitraries.integers().between(0, 7), Arbitraries.of(Outcome.values()))
                .as((stage, of, kind, outcome) -> work(stage, of.get1(), of.get2(), kind, outcome));
        Arbitrary<Act> holder = Combinators.combine(
                        Arbitraries.of(WORKERS),
                        Arbitraries.frequency(
                                Tuple.of(3, 0), Tuple.of(3, 1), Tuple.of(2, 2), Tuple.of(1, 3), Tuple.of(2, 4)),
                        Arbitraries.frequency(
                                Tuple.of(4, Outcome.SUCCEEDED),
                                Tuple.of(1, Outcome.FAILED),
                                Tuple.of(1, Outcome.CANCELED)))
                .as(RunDeciderProperties::orderlyWork);
        return Arbitraries.frequencyOf(
                        Tuple.of(6, work),
                        Tuple.of(14, holder),
                        Tuple.of(4, time),
                        Tuple.of(2, outage),
                        Tuple.of(2, gap),
                        Tuple.of(1, forged),
                        Tuple.of(1, cancel),
                        Tuple.of(1, again),
                        Tuple.of(2, abort))
                .list()
                .ofMaxSize(40);
    }

    /** What workers do when nothing goes wrong: the next claim of the open stage, and its holder's next record. */
    private static Act orderlyWork(String worker, int kind, Outcome outcome) {
        return switch (kind) {
            case 0 -> new Act("next claim by " + worker, it -> it.claimOpen(worker));
            case 1 -> new Act("holder prints", it -> it.onHolder((step, at, who) -> it.lines(step, at, who, 3)));
            case 2 -> new Act("holder beats", it -> it.onHolder(it::heartbeat));
            case 3 -> new Act("holder releases", it -> it.onHolder(it::release));
            default ->
                new Act(
                        "holder completes " + outcome,
                        it -> it.onHolder((step, at, who) -> it.complete(step, at, who, outcome)));
        };
    }

    private static Act work(int step, int attempt, String worker, int kind, Outcome outcome) {
        String who = " " + step + "/" + attempt + " " + worker;
        return switch (kind) {
            case 0, 1, 2 -> new Act("claim" + who, it -> it.claim(step, attempt, worker));
            case 3 -> new Act("lines" + who, it -> it.lines(step, attempt, worker, 4));
            case 4 -> new Act("heartbeat" + who, it -> it.heartbeat(step, attempt, worker));
            case 5 -> new Act("release" + who, it -> it.release(step, attempt, worker));
            case 6 ->
                new Act(
                        "zombie" + who,
                        it -> it.write(
                                step,
                                attempt,
                                worker,
                                1000,
                                new BuildFact.BuildStarted(BuildFact.BuildReason.FORCE_REBUILD)));
            default -> new Act("complete" + who + " " + outcome, it -> it.complete(step, attempt, worker, outcome));
        };
    }
}
