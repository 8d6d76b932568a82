package io.tailrace.turn.stage;

import static io.tailrace.turn.stage.ToolTurns.calls;
import static io.tailrace.turn.stage.ToolTurns.one;
import static io.tailrace.turn.stage.ToolTurns.says;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.StageId;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Billing;
import io.tailrace.events.stage.TurnFact.ToolCallsRequested;
import io.tailrace.events.stage.TurnFact.ToolExecutionCompleted;
import io.tailrace.events.stage.TurnFact.ToolExecutionStarted;
import io.tailrace.events.stage.TurnFact.TurnContinued;
import io.tailrace.events.stage.TurnFact.TurnPaused;
import io.tailrace.events.stage.TurnFact.TurnStarted;
import io.tailrace.events.work.Continuation.CallAnswer;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ToolInvocation;
import io.tailrace.turn.tool.CallResult;
import io.tailrace.worker.attempt.AttemptLost;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * A turn that waits twice, in stages whose attempts are lost at any record: what is recorded is never done again, in
 * whatever stage, and of what watchers saw everything is there once.
 */
class PausedCrashProperties {
    private static final Set<String> ONCE = Set.of(ToolTurns.ACT.name(), ToolTurns.ASK.name());

    @Property(tries = 200)
    void whatIsRecordedIsNeverDoneAgainInAnyStage(
            @ForAll @Size(max = 7) List<@IntRange(min = 1, max = 22) Integer> losses,
            @ForAll @IntRange(max = 3) int unsent,
            @ForAll @Size(value = 4) List<ApprovalDecision> words)
            throws Exception {
        new Course().run(new ArrayList<>(losses), unsent, words);
    }

    /** One turn, from its begin to its end. */
    private static final class Course {
        private final Map<String, Integer> executions = new ConcurrentHashMap<>();
        private final Set<String> recordedResults = ConcurrentHashMap.newKeySet();
        private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        private final List<TurnFact> all = new ArrayList<>();
        private final Map<String, AssistantMessage> roundsOfStages = new HashMap<>();
        private int billed;

        void run(List<Integer> left, int unsent, List<ApprovalDecision> words) throws Exception {
            try (ToolTurns turn = new ToolTurns()) {
                turn.use = ToolUse.of(List.of(ToolTurns.ACT, ToolTurns.GET, ToolTurns.ASK, ToolTurns.BUILD));
                watch(turn);
                attempts(turn, left, unsent);
                assertThat(turn.log.last()).isInstanceOf(TurnPaused.class);
                StageId build = StageId.of(ToolTurns.STAGE.run(), 2);
                turn.turns.outputs.put(build, BuildOutputTest.output(1_000, "built"));
                goOn(turn, ToolTurns.word(1, 1, words.get(0)), ToolTurns.built(1, 2, build, Outcome.SUCCEEDED));
                attempts(turn, left, unsent);
                assertThat(turn.log.last()).isInstanceOf(TurnPaused.class);
                goOn(turn, ToolTurns.word(2, 0, words.get(1)), ToolTurns.word(2, 2, words.get(2)));
                attempts(turn, left, unsent);
                take(turn);

                assertThat(wrong).isEmpty();
                assertThat(turn.log.last()).isInstanceOf(TurnFact.TurnCompleted.class);
                assertThat(billed).isEqualTo(3);
                storyHasEverythingOnce(turn);
            }
        }

        private void watch(ToolTurns turn) {
            AtomicInteger times = new AtomicInteger();
            turn.tools = (request, _) -> {
                String key = request.idempotencyKey();
                if (recordedResults.contains(key)) {
                    wrong.add(key + " has a recorded result");
                }
                if (executions.merge(key, 1, Integer::sum) > 1
                        && ONCE.contains(request.tool().name())) {
                    wrong.add(key + " was executed twice");
                }
                if (turn.log.acknowledged().stream()
                        .noneMatch(it -> it instanceof ToolExecutionStarted started
                                && started.idempotencyKey().equals(key))) {
                    wrong.add(key + " was executed before the log had it");
                }
                return CallResult.succeeded("execution " + times.incrementAndGet() + " of all");
            };
        }

        /** Attempts at one stage until one ends it. */
        private void attempts(ToolTurns turn, List<Integer> losses, int unsent) throws AttemptLost {
            // So many are lost in one stage at most, that others have some too.
            for (int lost = 0; lost < 3 && !losses.isEmpty(); lost++) {
                turn.log.losingAfter(losses.removeFirst());
                try {
                    turn.execute(script(turn));
                    return;
                } catch (AttemptLost _) {
                    int had = turn.log.facts().size();
                    turn.lose(Math.max(turn.log.acknowledged().size(), had - unsent));
                    turn.turns.earlier.getLast().facts().forEach(this::remember);
                }
            }
            turn.log = new SaidFacts();
            turn.asked.clear();
            turn.execute(script(turn));
        }

        private void goOn(ToolTurns turn, CallAnswer... answers) {
            take(turn);
            turn.goOn(answers);
        }

        /** The stage has ended. */
        private void take(ToolTurns turn) {
            turn.turns.earlier.forEach(it -> all.addAll(it.facts()));
            all.addAll(turn.log.facts());
            turn.log.facts().forEach(this::remember);
            billed += (int) turn.log.of(TurnFact.TurnUsage.class).stream()
                    .filter(it -> it.billing() == Billing.BILLED)
                    .count();
            long usage = turn.log.last() instanceof TurnPaused paused
                    ? paused.usage().inputTokens().orElse(0L)
                    : ((TurnFact.TurnCompleted) turn.log.last())
                            .content()
                            .usage()
                            .inputTokens()
                            .orElse(0L);
            assertThat(usage).isEqualTo(turn.log.last() instanceof TurnPaused ? 10 : 20);
        }

        private void remember(TurnFact fact) {
            if (fact instanceof ToolExecutionCompleted ended) {
                recordedResults.add(key(ended));
            } else if (fact instanceof ToolCallsRequested round) {
                AssistantMessage first = roundsOfStages.putIfAbsent("" + round.round(), round.message());
                if (first != null && !first.equals(round.message())) {
                    wrong.add("round " + round.round() + " is another one");
                }
            }
        }

        /** A model never says the same twice. */
        private static String[] script(ToolTurns turn) {
            String by = "http://example.org/by" + turn.stage.number() + "-" + turn.turns.earlier.size();
            return new String[] {
                calls(one("act", "url", by + "/1"), one("ask", "url", by + "/2"), one("build", "url", "x" + by)),
                calls(one("ask", "url", by + "/3"), one("get", "url", by + "/4"), one("ask", "url", by + "/5")),
                says("Done by " + turn.turns.earlier.size() + ".")
            };
        }

        private static String key(ToolExecutionCompleted ended) {
            return ToolTurns.KEY + ended.call().round() + "/" + ended.call().index();
        }

        /** As a watcher folds it: a start takes back everything, going on takes back what its own stage said before. */
        private void storyHasEverythingOnce(ToolTurns turn) {
            List<TurnFact> story = new ArrayList<>();
            int stands = 0;
            for (TurnFact fact : all) {
                if (fact instanceof TurnStarted) {
                    story.clear();
                } else if (fact instanceof TurnContinued continued) {
                    story.subList(stands, story.size()).clear();
                    assertThat(of(story, ToolCallsRequested.class)).hasSize(continued.rounds());
                }
                story.add(fact);
                stands = fact instanceof TurnPaused ? story.size() : stands;
            }
            assertThat(of(story, TurnStarted.class)).hasSize(1);
            assertThat(of(story, TurnFact.ContextBuilt.class)).hasSize(1);
            assertThat(of(story, TurnContinued.class)).hasSize(2);
            assertThat(of(story, ToolCallsRequested.class))
                    .extracting(ToolCallsRequested::round)
                    .containsExactly(1, 2);
            List<ToolExecutionCompleted> ended = of(story, ToolExecutionCompleted.class);
            assertThat(ended).extracting(Course::key).doesNotHaveDuplicates();
            assertThat(ended).hasSize(6);
            if (!turn.asked.isEmpty()) {
                assertThat(turn.asked.getLast().messages()).isEqualTo(told(story, ended));
            }
        }

        private static List<ModelMessage> told(List<TurnFact> story, List<ToolExecutionCompleted> ended) {
            List<ModelMessage> expected = new ArrayList<>();
            expected.add(new ModelMessage.User("What is there?"));
            for (ToolCallsRequested round : of(story, ToolCallsRequested.class)) {
                expected.add(new ModelMessage.Assistant(
                        round.message().text(),
                        round.message().toolCalls().stream()
                                .map(it -> new ToolInvocation(it.id(), it.name(), it.arguments()))
                                .toList()));
                ended.stream()
                        .filter(it -> it.call().round() == round.round())
                        .sorted(Comparator.comparingInt(it -> it.call().index()))
                        .forEach(it -> expected.add(new ModelMessage.ToolResult(
                                it.call().id(), it.result(), it.outcome() != TurnFact.ToolOutcome.SUCCEEDED)));
            }
            return expected;
        }

        private static <T extends TurnFact> List<T> of(List<TurnFact> story, Class<T> type) {
            return story.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }
}
