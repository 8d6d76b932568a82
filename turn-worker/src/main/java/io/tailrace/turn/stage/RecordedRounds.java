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

/** The rounds of tools that the attempts before this one recorded. What was recorded first counts. Immutable. */
final class RecordedRounds {
    private final Map<Integer, AssistantMessage> messages = new HashMap<>();
    private final Map<Place, ToolExecutionCompleted> results = new LinkedHashMap<>();
    private final Set<Place> started = new HashSet<>();

    private record Place(int round, int index) {
        static Place of(ToolCallRef call) {
            return new Place(call.round(), call.index());
        }
    }

    private RecordedRounds() {}

    /** @param earlier in their order */
    static RecordedRounds of(List<EarlierAttempt> earlier) {
        RecordedRounds recorded = new RecordedRounds();
        earlier.forEach(attempt -> attempt.facts().forEach(recorded::take));
        return recorded;
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

    /** Whether a call had begun. */
    boolean hasBegun(int round, int index) {
        return started.contains(new Place(round, index));
    }
}
