package io.tailrace.turn.stage;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.turn.TurnFact;
import java.util.List;
import java.util.Optional;

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

    /** How many characters it had of an answer that it has not accounted for. */
    long unaccountedCharacters() {
        return accounted().isEmpty()
                ? facts.stream()
                        .filter(TurnFact.ModelDelta.class::isInstance)
                        .flatMap(it -> ((TurnFact.ModelDelta) it).deltas().stream())
                        .mapToLong(it -> it.text().length())
                        .sum()
                : 0;
    }
}
