package io.tailrace.turn.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.turn.provider.ModelMessage;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompactorTest {

    @Test
    void aSmallHistoryStaysAsItIs() {
        assertThat(new Compactor(100, 10).due(turns(5, 10))).isZero();
    }

    @Test
    void aHistoryWithTooManyTokensIsSummedUpButForItsLastTurns() {
        assertThat(new Compactor(100, 100).due(turns(10, 100))).isEqualTo(8);
    }

    @Test
    void aHistoryWithTooManyTurnsIsSummedUpButForItsLastTurns() {
        assertThat(new Compactor(100_000, 10).due(turns(11, 1))).isEqualTo(9);
    }

    @Test
    void whatIsTooLargeButTooShortCannotBeSummedUp() {
        assertThat(new Compactor(10, 10).due(turns(2, 1000))).isZero();
    }

    @Test
    void theQuestionHasTheEarlierSummaryAndTheTurns() {
        List<ModelMessage> question =
                Compactor.question(Optional.of("earlier"), List.of(ContextBuilderTest.turn("q", "a")));

        assertThat(question).hasSize(5);
        assertThat(question.getFirst().text()).contains("earlier");
        assertThat(question.get(2).text()).isEqualTo("q");
        assertThat(question.getLast()).isInstanceOf(ModelMessage.User.class);
    }

    @Test
    void theRuleKeepsTheBeginningOfEveryMessage() {
        String summary = Compactor.byRule(
                Optional.of("earlier"), List.of(ContextBuilderTest.turn("first\n question", "a".repeat(500))));

        assertThat(summary).isEqualTo("earlier\nUser: first question\nAssistant: " + "a".repeat(160) + "…");
    }

    @Test
    void theRuleIsBoundedAndSaysWhatIsLeftOut() {
        String summary = Compactor.byRule(Optional.of("earlier"), turns(1000, 200));

        assertThat(summary.length()).isLessThan(8100);
        assertThat(summary)
                .startsWith("(")
                .contains("earlier messages are left out")
                .endsWith("…");
    }

    @Test
    void theRuleCutsNoCharacterInTwo() {
        String summary =
                Compactor.byRule(Optional.empty(), List.of(ContextBuilderTest.turn("x".repeat(159) + "😀😀", "a")));

        assertThat(summary).contains("x".repeat(159) + "…");
    }

    private static List<PastTurn> turns(int count, int size) {
        return IntStream.range(0, count)
                .mapToObj(it -> ContextBuilderTest.turn("q".repeat(size), "a".repeat(size)))
                .toList();
    }
}
