package io.tailrace.turn.stage;

import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Billing;
import io.tailrace.worker.attempt.AttemptLost;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Accounts for the provider calls of the attempts before this one. Confined to the stage's thread. */
final class LostAttempts {
    private final List<EarlierAttempt> earlier;
    private final RecordedRounds paused;
    private final TurnReport report;

    /**
     * @param earlier in their order
     * @param paused the rounds of the stages before theirs
     */
    LostAttempts(List<EarlierAttempt> earlier, RecordedRounds paused, TurnReport report) {
        this.earlier = List.copyOf(earlier);
        this.paused = paused;
        this.report = report;
    }

    /** The checkpoint of a complete answer, if one of them had it: then nobody needs to ask the model again. */
    Optional<TurnFact.TurnCheckpointed> completeAnswer() {
        return complete().flatMap(EarlierAttempt::checkpoint);
    }

    /** The rounds of tools that they and the stages before had: nobody asks the model for them again. */
    RecordedRounds rounds() {
        return paused.andThen(earlier);
    }

    /** Records what their calls took. Those of a complete answer and of rounds of tools are billed, the others are lost. */
    void account() throws AttemptLost {
        Optional<EarlierAttempt> complete = complete();
        for (int i = 0; i < earlier.size(); i++) {
            EarlierAttempt attempt = earlier.get(i);
            boolean reused = complete.filter(it -> it.equals(attempt)).isPresent();
            Set<Integer> ofRounds = attempt.callsOfRounds();
            for (TurnFact.TurnUsage used : attempt.accounted()) {
                Billing billing = reused || ofRounds.contains(used.call()) ? Billing.BILLED : Billing.LOST_ATTEMPT;
                report.used(new TurnFact.TurnUsage(
                        used.provider(),
                        used.model(),
                        used.call(),
                        used.attempt(),
                        used.billing() == Billing.BILLED ? billing : used.billing(),
                        used.estimated(),
                        used.usage()));
            }
            long unaccounted = attempt.unaccountedCharacters(
                    paused.andThen(earlier.subList(0, i)).own());
            if (unaccounted > 0) {
                report.used(lost(attempt, unaccounted));
            }
        }
    }

    private Optional<EarlierAttempt> complete() {
        return earlier.reversed().stream()
                .filter(it -> it.checkpoint()
                        .filter(found -> found.finishReason().isPresent())
                        .isPresent())
                .findFirst();
    }

    private TurnFact.TurnUsage lost(EarlierAttempt attempt, long unaccounted) {
        long output = Answer.tokens(unaccounted);
        return new TurnFact.TurnUsage(
                report.provider(),
                report.model(),
                attempt.unaccountedCall(),
                attempt.attempt(),
                Billing.LOST_ATTEMPT,
                true,
                new Usage(Optional.empty(), Optional.empty(), Optional.of(output), Optional.empty(), Optional.empty()));
    }
}
