package io.tailrace.turn.stage;

import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Billing;
import io.tailrace.worker.attempt.AttemptLost;
import java.util.List;
import java.util.Optional;

/** Accounts for the provider calls of the attempts before this one. Confined to the stage's thread. */
final class LostAttempts {
    private final List<EarlierAttempt> earlier;
    private final TurnReport report;

    /** @param earlier in their order */
    LostAttempts(List<EarlierAttempt> earlier, TurnReport report) {
        this.earlier = List.copyOf(earlier);
        this.report = report;
    }

    /** The checkpoint of a complete answer, if one of them had it: then nobody needs to ask the model again. */
    Optional<TurnFact.TurnCheckpointed> completeAnswer() {
        return complete().flatMap(EarlierAttempt::checkpoint);
    }

    /** Records what their calls took. Those of a complete answer are billed, the others are lost. */
    void account() throws AttemptLost {
        Optional<EarlierAttempt> complete = complete();
        for (EarlierAttempt attempt : earlier) {
            boolean reused = complete.filter(it -> it.equals(attempt)).isPresent();
            Billing billing = reused ? Billing.BILLED : Billing.LOST_ATTEMPT;
            for (TurnFact.TurnUsage used : attempt.accounted()) {
                report.used(new TurnFact.TurnUsage(
                        used.provider(),
                        used.model(),
                        used.call(),
                        used.attempt(),
                        used.billing() == Billing.BILLED ? billing : used.billing(),
                        used.estimated(),
                        used.usage()));
            }
            if (attempt.unaccountedCharacters() > 0) {
                report.used(lost(attempt));
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

    private TurnFact.TurnUsage lost(EarlierAttempt attempt) {
        long output = Answer.tokens(attempt.unaccountedCharacters());
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
