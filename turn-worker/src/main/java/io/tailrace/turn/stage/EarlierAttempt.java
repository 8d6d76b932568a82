package io.tailrace.turn.stage;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.stage.TurnFact;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an attempt wrote while it held the stage. */
record EarlierAttempt(Attempt attempt, List<TurnFact> facts) {
    EarlierAttempt {
        facts = List.copyOf(facts);
    }

    /** Its last checkpoint. */
    Optional<TurnFact.TurnCheckpointed> checkpoint() {
        return facts.reversed().stream()
                .filter(TurnFact.TurnCheckpointed.class::isInstance)
                .map(TurnFact.TurnCheckpointed.class::cast)
                .findFirst();
    }

    /** The provider calls that it has accounted for. */
    List<TurnFact.TurnUsage> accounted() {
        return facts.stream()
                .filter(TurnFact.TurnUsage.class::isInstance)
                .map(TurnFact.TurnUsage.class::cast)
                .filter(it -> it.attempt().equals(attempt))
                .toList();
    }

    /** The provider calls whose answers are rounds of tools, which the attempts after it say again. */
    Set<Integer> callsOfRounds() {
        Set<Integer> calls = new HashSet<>();
        int last = 0;
        for (TurnFact fact : facts) {
            if (fact instanceof TurnFact.TurnUsage used && used.attempt().equals(attempt)) {
                last = used.call();
            } else if (fact instanceof TurnFact.ToolCallsRequested round && !round.repeated()) {
                calls.add(last);
            }
        }
        return calls;
    }

    /**
     * How many characters it had of an answer whose call it has not accounted for.
     *
     * @param roundsBefore how many rounds of tools the attempts before it had: it said those again before it asked anything
     */
    long unaccountedCharacters(int roundsBefore) {
        if (facts.stream()
                .noneMatch(it -> it instanceof TurnFact.ContextBuilt || it instanceof TurnFact.TurnCheckpointed)) {
            // It has asked no model: what it said repeats the complete answer of an attempt before it.
            return 0;
        }
        long rounds = facts.stream()
                .filter(TurnFact.ToolCallsRequested.class::isInstance)
                .count();
        if (rounds < roundsBefore) {
            return 0;
        }
        long characters = 0;
        for (TurnFact fact : facts) {
            if (fact instanceof TurnFact.ModelDelta said) {
                characters += said.deltas().stream()
                        .mapToLong(it -> it.text().length())
                        .sum();
            } else if (fact instanceof TurnFact.ToolCallsRequested) {
                characters = 0;
            } else if (fact instanceof TurnFact.TurnUsage used && used.attempt().equals(attempt)) {
                characters = 0;
            }
        }
        return characters;
    }

    /** The number of the call that it has not accounted for. */
    int unaccountedCall() {
        return 1 + accounted().stream().mapToInt(TurnFact.TurnUsage::call).max().orElse(0);
    }
}
