package io.tailrace.turn.stage;

import static io.tailrace.turn.stage.ToolTurns.calls;
import static io.tailrace.turn.stage.ToolTurns.one;
import static io.tailrace.turn.stage.ToolTurns.says;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Billing;
import io.tailrace.events.stage.TurnFact.ToolCallsRequested;
import io.tailrace.events.stage.TurnFact.ToolExecutionCompleted;
import io.tailrace.events.stage.TurnFact.ToolExecutionStarted;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ToolInvocation;
import io.tailrace.turn.tool.CallResult;
import io.tailrace.worker.attempt.AttemptLost;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
 * Attempts that are lost at any record, one after the other, and of whose last records the log may have none that nobody
 * waited for: what is recorded is never done again, and every attempt goes on from the same.
 */
class ToolCrashProperties {
    private static final String ONCE = ToolTurns.ACT.name();

    @Property(tries = 150)
    void whatIsRecordedIsNeverDoneAgain(
            @ForAll @Size(max = 4) List<@IntRange(min = 1, max = 28) Integer> losses,
            @ForAll @IntRange(max = 3) int unsent)
            throws Exception {
        try (ToolTurns turn = new ToolTurns()) {
            Map<String, Integer> executions = new ConcurrentHashMap<>();
            Set<String> recordedResults = ConcurrentHashMap.newKeySet();
            List<String> wrong = Collections.synchronizedList(new ArrayList<>());
            AtomicInteger all = new AtomicInteger();
            turn.tools = (request, _) -> {
                String key = request.idempotencyKey();
                int times = executions.merge(key, 1, Integer::sum);
                if (recordedResults.contains(key)) {
                    wrong.add(key + " has a recorded result");
                }
                if (times > 1 && request.tool().name().equals(ONCE)) {
                    wrong.add(key + " was executed twice");
                }
                if (turn.log.acknowledged().stream()
                        .noneMatch(it -> it instanceof ToolExecutionStarted started
                                && started.idempotencyKey().equals(key))) {
                    wrong.add(key + " was executed before the log had it");
                }
                return CallResult.succeeded("execution " + all.incrementAndGet() + " of all");
            };
            for (int loss : losses) {
                turn.log.losingAfter(loss);
                if (!wasLost(turn)) {
                    break;
                }
                int had = turn.log.facts().size();
                turn.lose(Math.max(turn.log.acknowledged().size(), had - unsent));
                turn.turns.earlier.getLast().facts().forEach(it -> {
                    if (it instanceof ToolExecutionCompleted ended) {
                        recordedResults.add(key(ended));
                    }
                });
            }
            if (!turn.log.hasEnded()) {
                turn.log = new SaidFacts();
                turn.asked.clear();
                turn.execute(script(turn));
            }

            assertThat(wrong).isEmpty();
            assertThat(turn.log.last()).isInstanceOf(TurnFact.TurnCompleted.class);
            allAttemptsHaveTheSameRounds(turn);
            theModelIsToldWhatIsRecorded(turn);
            whatIsBilledIsWhatTheAnswerTook(turn);
        }
    }

    private static boolean wasLost(ToolTurns turn) {
        try {
            turn.execute(script(turn));
            return false;
        } catch (AttemptLost _) {
            return true;
        }
    }

    /** A model never says the same twice. */
    private static String[] script(ToolTurns turn) {
        String by = "http://example.org/by" + turn.turns.earlier.size();
        return new String[] {
            calls(one("act", "url", by + "/1"), one("get", "url", by + "/2"), one("nothing", "url", "x")),
            calls(one("act", "url", by + "/3"), one("look_up", "query", by)),
            says("Done by " + turn.turns.earlier.size() + ".")
        };
    }

    private static String key(ToolExecutionCompleted ended) {
        return ToolTurns.KEY + ended.call().round() + "/" + ended.call().index();
    }

    private static void allAttemptsHaveTheSameRounds(ToolTurns turn) {
        Map<Integer, AssistantMessage> rounds = new HashMap<>();
        Map<String, ToolExecutionCompleted> results = new HashMap<>();
        for (TurnFact fact : everything(turn)) {
            if (fact instanceof ToolCallsRequested requested) {
                AssistantMessage first = rounds.putIfAbsent(requested.round(), requested.message());
                assertThat(requested.repeated()).isEqualTo(first != null);
                assertThat(requested.message()).isEqualTo(rounds.get(requested.round()));
            } else if (fact instanceof ToolExecutionCompleted ended) {
                ToolExecutionCompleted first = results.putIfAbsent(key(ended), ended);
                assertThat(ended.repeated()).isEqualTo(first != null);
                if (first != null) {
                    assertThat(ended.result()).isEqualTo(first.result());
                    assertThat(ended.outcome()).isEqualTo(first.outcome());
                    assertThat(ended.warning()).isEqualTo(first.warning());
                }
            }
        }
        assertThat(rounds).hasSize(2);
        assertThat(results).hasSize(5);
    }

    private static List<TurnFact> everything(ToolTurns turn) {
        List<TurnFact> all = new ArrayList<>();
        turn.turns.earlier.forEach(it -> all.addAll(it.facts()));
        all.addAll(turn.log.facts());
        return all;
    }

    private static void theModelIsToldWhatIsRecorded(ToolTurns turn) {
        if (turn.asked.isEmpty()) {
            return;
        }
        List<ModelMessage> expected = new ArrayList<>();
        expected.add(new ModelMessage.User("What is there?"));
        for (ToolCallsRequested round : turn.log.of(ToolCallsRequested.class)) {
            expected.add(new ModelMessage.Assistant(
                    round.message().text(),
                    round.message().toolCalls().stream()
                            .map(it -> new ToolInvocation(it.id(), it.name(), it.arguments()))
                            .toList()));
            turn.log.of(ToolExecutionCompleted.class).stream()
                    .filter(it -> it.call().round() == round.round())
                    .sorted(Comparator.comparingInt(it -> it.call().index()))
                    .forEach(it -> expected.add(new ModelMessage.ToolResult(
                            it.call().id(), it.result(), it.outcome() != TurnFact.ToolOutcome.SUCCEEDED)));
        }
        assertThat(turn.asked.getLast().messages()).isEqualTo(expected);
    }

    private static void whatIsBilledIsWhatTheAnswerTook(ToolTurns turn) {
        List<TurnFact.TurnUsage> billed = turn.log.of(TurnFact.TurnUsage.class).stream()
                .filter(it -> it.billing() == Billing.BILLED)
                .toList();
        assertThat(billed).hasSize(3);
        assertThat(new HashSet<>(billed)).hasSize(3);
        assertThat(((TurnFact.TurnCompleted) turn.log.last()).content().usage().inputTokens())
                .contains(40L);
    }
}
