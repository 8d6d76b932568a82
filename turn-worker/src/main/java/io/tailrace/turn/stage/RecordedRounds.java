package io.tailrace.turn.stage;

import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.ToolCallRef;
import io.tailrace.events.stage.TurnFact.ToolExecutionCompleted;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The rounds of tools that were recorded before an attempt: by the stages in which the turn was paused, which stand as they
 * are, and by the attempts of its own stage before it, which are said again. What was recorded first counts. Immutable.
 */
final class RecordedRounds {
    /** Of a turn that begins. */
    static final RecordedRounds NONE = new RecordedRounds();

    private final Map<Integer, AssistantMessage> messages = new HashMap<>();
    private final Map<Place, ToolExecutionCompleted> results = new LinkedHashMap<>();
    private final Set<Place> started = new HashSet<>();
    private int standing;
    private Set<Place> standingResults = Set.of();

    private record Place(int round, int index) {
        static Place of(ToolCallRef call) {
            return new Place(call.round(), call.index());
        }
    }

    private RecordedRounds() {}

    /** Takes facts in the order of the log, and holds nothing else than rounds of them. Confined to one thread. */
    static final class Gathering {
        private RecordedRounds recorded = new RecordedRounds();

        void take(TurnFact fact) {
            recorded.take(fact);
        }

        /** All that was taken until now. */
        RecordedRounds end() {
            RecordedRounds all = recorded;
            recorded = new RecordedRounds();
            return all;
        }
    }

    /** @param earlier in their order */
    static RecordedRounds of(List<EarlierAttempt> earlier) {
        return NONE.andThen(earlier);
    }

    /**
     * With what the attempts of the stage recorded that goes on after these rounds, which stand from now on.
     *
     * @param own in their order
     */
    RecordedRounds andThen(List<EarlierAttempt> own) {
        RecordedRounds all = new RecordedRounds();
        all.messages.putAll(messages);
        all.results.putAll(results);
        all.started.addAll(started);
        all.standing = count();
        all.standingResults = Set.copyOf(results.keySet());
        own.forEach(attempt -> attempt.facts().forEach(all::take));
        return all;
    }

    private void take(TurnFact fact) {
        if (fact instanceof TurnFact.ToolCallsRequested requested) {
            messages.putIfAbsent(requested.round(), requested.message());
        } else if (fact instanceof TurnFact.ToolExecutionStarted begun) {
            started.add(Place.of(begun.call()));
        } else if (fact instanceof ToolExecutionCompleted ended) {
            results.putIfAbsent(Place.of(ended.call()), ended);
        }
    }

    /** How many there are, from the first one without a gap. */
    int count() {
        int round = 0;
        while (messages.containsKey(round + 1)) {
            round++;
        }
        return round;
    }

    /** How many of them stages before this one recorded: the last one of those is the round that the turn was paused in. */
    int standing() {
        return standing;
    }

    /** How many of them attempts of this stage recorded. */
    int own() {
        return count() - standing;
    }

    /** What the model said in a round. */
    Optional<AssistantMessage> message(int round) {
        return round <= count() ? Optional.ofNullable(messages.get(round)) : Optional.empty();
    }

    /** The calls of a round that have ended, in the order in which they did. */
    List<ToolExecutionCompleted> results(int round) {
        return results.values().stream()
                .filter(it -> it.call().round() == round)
                .toList();
    }

    /** Whether a stage before this one recorded it. */
    boolean stands(ToolExecutionCompleted result) {
        return standingResults.contains(Place.of(result.call()));
    }

    /** Whether a call had begun. */
    boolean hasBegun(int round, int index) {
        return started.contains(new Place(round, index));
    }

    /** Whether these are as many rounds, and each call has ended but for some of the last one. */
    boolean areWhole(int rounds, Set<Integer> waiting) {
        return count() == rounds
                && rounds > 0
                && IntStream.rangeClosed(1, rounds)
                        .allMatch(round -> haveEnded(round, round == rounds ? waiting : Set.of()));
    }

    private boolean haveEnded(int round, Set<Integer> butFor) {
        int calls = message(round).map(it -> it.toolCalls().size()).orElse(0);
        return IntStream.range(0, calls)
                .allMatch(it -> butFor.contains(it) || results.containsKey(new Place(round, it)));
    }
}
