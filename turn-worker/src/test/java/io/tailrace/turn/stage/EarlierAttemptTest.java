package io.tailrace.turn.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Billing;
import io.tailrace.events.stage.TurnFact.Delta;
import io.tailrace.events.stage.TurnFact.DeltaKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EarlierAttemptTest {
    private static final TurnFact CONTEXT = new TurnFact.ContextBuilt(List.of(), 10, 1000);

    @Test
    void whatACallSaidThatWasNotAccountedForIsCounted() {
        EarlierAttempt attempt = first(CONTEXT, said("Good "), said("mor"));

        assertThat(attempt.unaccountedCharacters(0)).isEqualTo(8);
        assertThat(attempt.unaccountedCall()).isEqualTo(1);
    }

    @Test
    void aSummaryThatWasAccountedForDoesNotHideTheCallAfterIt() {
        EarlierAttempt attempt = first(used(1, 1), CONTEXT, said("Good mor"));

        assertThat(attempt.unaccountedCharacters(0)).isEqualTo(8);
        assertThat(attempt.unaccountedCall()).isEqualTo(2);
        assertThat(attempt.accounted()).hasSize(1);
    }

    @Test
    void aCallThatWasAccountedForIsNotCountedAgain() {
        assertThat(first(CONTEXT, said("Good morning."), used(1, 1)).unaccountedCharacters(0))
                .isZero();
    }

    @Test
    void whatItSaysOfAnAttemptBeforeItAccountsForNothingOfItsOwn() {
        EarlierAttempt attempt =
                new EarlierAttempt(new Attempt(2), List.of(used(1, 1), CONTEXT, said("Good mor"), used(1, 1)));

        assertThat(attempt.unaccountedCharacters(0)).isEqualTo(8);
        assertThat(attempt.unaccountedCall()).isEqualTo(1);
    }

    @Test
    void anAnswerThatIsSaidAgainWithoutACallTookNothing() {
        assertThat(new EarlierAttempt(new Attempt(2), List.of(used(1, 1), said("Good morning.")))
                        .unaccountedCharacters(0))
                .isZero();
    }

    private static EarlierAttempt first(TurnFact... facts) {
        return new EarlierAttempt(Attempt.FIRST, List.of(facts));
    }

    private static TurnFact said(String text) {
        return new TurnFact.ModelDelta(List.of(new Delta(DeltaKind.TEXT, text, Optional.empty())));
    }

    private static TurnFact used(int call, int attempt) {
        return new TurnFact.TurnUsage("scripted", "m", call, new Attempt(attempt), Billing.BILLED, false, Usage.NONE);
    }
}
