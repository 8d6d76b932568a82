package io.tailrace.turn.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class UsageTest {

    @Test
    void whatWasNotToldIsAbsentAndNotZero() {
        Usage usage = Usage.unknown().withOutput(7);

        assertThat(usage.input()).isEmpty();
        assertThat(usage.output()).hasValue(7);
        assertThat(usage.cachedInput()).isEmpty();
        assertThat(usage.total()).isEmpty();
        assertThat(usage.isUnknown()).isFalse();
        assertThat(Usage.unknown().isUnknown()).isTrue();
    }

    @Test
    void theTotalFollowsFromInputAndOutput() {
        assertThat(Usage.of(11, 7).total()).hasValue(18);
        assertThat(Usage.of(11, 7).withOutput(9).total()).hasValue(20);
    }

    @Test
    void theProvidersOwnTotalWins() {
        assertThat(Usage.of(11, 7).withTotal(21).total()).hasValue(21);
    }

    @Test
    void usageOfSeveralCallsAddsUp() {
        Usage sum = Usage.of(11, 7).withCachedInput(4).plus(Usage.of(30, 1).withReasoning(1));

        assertThat(sum.input()).hasValue(41);
        assertThat(sum.output()).hasValue(8);
        assertThat(sum.cachedInput()).hasValue(4);
        assertThat(sum.reasoning()).hasValue(1);
        assertThat(sum.total()).hasValue(49);
    }

    @Test
    void addingWhatIsUnknownChangesNothing() {
        assertThat(Usage.of(11, 7).plus(Usage.unknown())).isEqualTo(Usage.of(11, 7));
        assertThat(Usage.unknown().plus(Usage.unknown()).input()).isEqualTo(OptionalLong.empty());
    }
}
