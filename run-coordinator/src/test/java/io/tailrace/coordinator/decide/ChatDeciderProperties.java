package io.tailrace.coordinator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.coordinator.reading.BookReading;
import io.tailrace.coordinator.topology.StoredRuns;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.TurnPolicy;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.work.TurnRequest;
import java.time.Duration;
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

/**
 * Whatever clients, workers and time do to a chat, in whatever order: what always holds. {@link Judge} looks at each
 * step.
 */
class ChatDeciderProperties {
    private static final int MAX_QUEUED = 2;
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofMinutes(2), Duration.ofMinutes(5), 3);

    /** Something that happens; its text is what a failing example shows. */
    record Act(String text, Consumer<Scene> on) {
        @Override
        public String toString() {
            return text;
        }
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void everyTurnEndsExactlyOnceAndEverybodyCountsTheSame(@ForAll TurnPolicy policy, @ForAll("acts") List<Act> acts) {
        Scene scene = played(policy, acts);
        runOut(scene);

        assertThat(scene.state()).isInstanceOf(RunState.Completed.class);
        Set<TurnId> submitted = new HashSet<>();
        Set<TurnId> ended = new HashSet<>();
        Optional<TurnId> open = Optional.empty();
        for (RunFact fact : scene.facts) {
            switch (fact) {
                case RunFact.TurnSubmitted it ->
                    assertThat(submitted.add(it.turnId())).isTrue();
                case RunFact.TurnRejected it ->
                    assertThat(ended.add(it.turnId())).isTrue();
                case RunFact.StageRequested it -> {
                    assertThat(open).as("one at a time").isEmpty();
                    open = it.turnId();
                    assertThat(submitted).contains(open.orElseThrow());
                    assertThat(ended).doesNotContain(open.orElseThrow());
                }
                case RunFact.StageFinished _ -> {
                    assertThat(ended.add(open.orElseThrow())).isTrue();
                    open = Optional.empty();
                }
                case RunFact.TurnCancelRequested it -> assertThat(open).contains(it.turnId());
                case RunFact.RunCompleted _ -> assertThat(open).isEmpty();
                case RunFact.OfApproval _ -> throw new AssertionError("a chat has no tools");
                case RunFact.RunCreated _,
                        RunFact.RunStarted _,
                        RunFact.StageRedispatched _,
                        RunFact.RunCancelRequested _,
                        RunFact.RunCloseRequested _,
                        RunFact.RunProgress _ -> {}
            }
        }
        assertThat(ended).as("nobody waits for ever").containsAll(submitted);
        assertThat(((RunFact.RunCompleted) scene.facts.getLast()).events())
                .isEqualTo(BookReading.countToTheEnd(Scene.RUN, Scene.PARTITION, scene.spine, scene.chapters));
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void thePolicyIsKept(@ForAll TurnPolicy policy, @ForAll("acts") List<Act> acts) {
        Scene scene = new Scene().observedBy(Judge.ofChat(LIMITS)).createChat(policy, MAX_QUEUED, LIMITS);
        for (Act act : acts) {
            act.on().accept(scene);
            if (scene.state() instanceof RunState.Open open) {
                int waiting = ((Chat) open.program()).conversation().waiting().size();
                assertThat(waiting)
                        .isLessThanOrEqualTo(
                                switch (policy) {
                                    case REJECT -> 0;
                                    case ENQUEUE -> MAX_QUEUED;
                                    case INTERRUPT -> 1;
                                });
            } else if (scene.state() instanceof RunState.Idle idle) {
                assertThat(idle.conversation().waiting())
                        .as("nothing waits for nothing")
                        .isEmpty();
                assertThat(idle.conversation().active()).isEmpty();
            }
        }
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void eachTurnIsRequestedWithItsOwnCommandAndAHistoryThatOnlyGrows(
            @ForAll TurnPolicy policy, @ForAll("acts") List<Act> acts) {
        Scene scene = played(policy, acts);

        List<Long> before = List.of();
        for (TurnRequest request :
                scene.requests.stream().map(TurnRequest.class::cast).toList()) {
            assertThat(Scene.turn(
                            Math.toIntExact(request.message().orElseThrow().offset())))
                    .isEqualTo(request.turnId());
            assertThat(request.history().subList(0, before.size())).isEqualTo(before);
            before = request.history();
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void replayAndStorageGiveTheSameState(@ForAll TurnPolicy policy, @ForAll("acts") List<Act> acts) {
        Scene scene = new Scene().observedBy(Judge.ofChat(LIMITS)).createChat(policy, MAX_QUEUED, LIMITS);
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

    private static Scene played(TurnPolicy policy, List<Act> acts) {
        Scene scene = new Scene().observedBy(Judge.ofChat(LIMITS)).createChat(policy, MAX_QUEUED, LIMITS);
        acts.forEach(act -> act.on().accept(scene));
        return scene;
    }

    /** Nobody does anything any more but close the chat; only time goes on, and the log takes what it is given. */
    private static void runOut(Scene scene) {
        scene.close();
        for (int i = 0; i < 60 && !(scene.state() instanceof RunState.Completed); i++) {
            scene.tickAfter(Duration.ofMinutes(10)).ticks(20).readAborts();
        }
    }

    @Provide
    Arbitrary<List<Act>> acts() {
        Arbitrary<Act> submit =
                Arbitraries.integers().between(1, 12).map(turn -> new Act("submit " + turn, it -> it.submit(turn)));
        Arbitrary<Act> cancelTurn = Arbitraries.integers()
                .between(1, 12)
                .map(turn -> new Act("cancel turn " + turn, it -> it.cancelTurn(turn)));
        Arbitrary<Act> time = Arbitraries.integers()
                .between(1, 9)
                .map(seconds -> new Act("ticks " + seconds, it -> it.ticks(seconds)));
        Arbitrary<Act> outage = Arbitraries.integers()
                .between(2, 400)
                .map(seconds -> new Act("outage " + seconds, it -> it.tickAfter(Duration.ofSeconds(seconds))));
        Arbitrary<Act> gap = Arbitraries.of(
                new Act("pause 45", it -> it.pause(Duration.ofSeconds(45))),
                new Act("pause 3600", it -> it.pause(Duration.ofHours(1))),
                new Act("set back 3", it -> it.setBack(Duration.ofSeconds(3))),
                new Act("fall behind 3", it -> it.fallBehind(3)),
                new Act("fall behind 60", it -> it.fallBehind(60)),
                new Act("many ticks", it -> it.ticks(1801)));
        Arbitrary<Act> rare = Arbitraries.of(
                new Act("unreadable end", Scene::endUnreadably),
                new Act("forged abort", Scene::forgeAbort),
                new Act("forged claim", it -> it.onOpen(step -> it.claim(step, 1000, "forger"))),
                new Act("cancel", Scene::cancel),
                new Act("close", Scene::close),
                new Act("foreign", Scene::foreignTick));
        Arbitrary<Act> abort = Arbitraries.of(true, false)
                .map(arrives -> new Act("abort arrives " + arrives, it -> it.nextAbort(arrives)));
        Arbitrary<Act> zombie = Combinators.combine(
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(1, 3))
                .as((step, attempt) ->
                        new Act("claim " + step + "/" + attempt, it -> it.claim(step, attempt, "zombie")));
        Arbitrary<Act> holder = Combinators.combine(
                        Arbitraries.integers().between(0, 4), Arbitraries.of(Outcome.values()))
                .as(ChatDeciderProperties::work);
        return Arbitraries.frequencyOf(
                        Tuple.of(8, submit),
                        Tuple.of(2, cancelTurn),
                        Tuple.of(14, holder),
                        Tuple.of(3, time),
                        Tuple.of(2, outage),
                        Tuple.of(2, gap),
                        Tuple.of(1, rare),
                        Tuple.of(2, abort),
                        Tuple.of(1, zombie))
                .list()
                .ofMaxSize(40);
    }

    private static Act work(int kind, Outcome outcome) {
        return switch (kind) {
            case 0 -> new Act("claim", it -> it.claimOpen("a"));
            case 1 -> new Act("deltas", it -> it.onHolder((step, at, who) -> it.lines(step, at, who, 3)));
            case 2 -> new Act("beat", it -> it.onHolder(it::heartbeat));
            case 3 -> new Act("release", it -> it.onHolder(it::release));
            default ->
                new Act(
                        "complete " + outcome,
                        it -> it.onHolder((step, at, who) -> it.complete(step, at, who, outcome)));
        };
    }
}
