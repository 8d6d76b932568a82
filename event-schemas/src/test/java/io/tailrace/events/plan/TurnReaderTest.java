package io.tailrace.events.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.run.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TurnReaderTest {

    @Test
    void aTextIsAllThatIsNeeded() throws Exception {
        assertThat(TurnReader.turn("", Map.of("text", "Hello\nworld"), Optional.empty()))
                .isEqualTo(TurnInput.of("Hello\nworld"));
    }

    @Test
    void aTurnCanChooseItsModel() throws Exception {
        TurnInput turn = TurnReader.turn("", Map.of("text", "Hello", "provider", "p", "model", "m"), Optional.of("{}"));
        assertThat(turn.model()).contains(new ModelChoice("p", Optional.of("m")));
        assertThat(turn.script()).contains("{}");
    }

    @Test
    void theLongestTextIsTakenWhole() throws Exception {
        for (String text : List.of(
                "a".repeat(TurnReader.MAX_TEXT_LENGTH), "\uD83D\uDE80".repeat(TurnReader.MAX_TEXT_LENGTH / 2))) {
            assertThat(TurnReader.turn("", Map.of("text", text), Optional.empty())
                            .text())
                    .isEqualTo(text);
        }
    }

    static List<Arguments> refused() {
        return List.of(
                Arguments.of(Map.of(), "missing_field", "text"),
                Arguments.of(Map.of("text", " \n"), "invalid_value", "text"),
                Arguments.of(Map.of("text", "a\0b"), "invalid_value", "text"),
                Arguments.of(Map.of("text", "a".repeat(TurnReader.MAX_TEXT_LENGTH + 1)), "too_long", "text"),
                Arguments.of(Map.of("text", "a", "role", "system"), "unknown_field", "role"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aBadValueIsNamed(Map<String, Object> tree, String code, String field) {
        InvalidInput refusal =
                catchThrowableOfType(InvalidInput.class, () -> TurnReader.turn("", tree, Optional.empty()));
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.field()).isEqualTo(field);
    }

    @Test
    void aScriptIsBounded() {
        String longer = " ".repeat(TurnReader.MAX_SCRIPT_LENGTH + 1);
        InvalidInput refusal = catchThrowableOfType(
                InvalidInput.class, () -> TurnReader.turn("", Map.of("text", "a"), Optional.of(longer)));
        assertThat(refusal.field()).isEqualTo("script");
    }

    @Test
    void aNumberThatOnlyOneUsageHasIsKept() {
        Usage one = new Usage(Optional.of(1L), Optional.empty(), Optional.of(2L), Optional.empty(), Optional.of(3L));
        Usage other = new Usage(Optional.of(10L), Optional.of(5L), Optional.empty(), Optional.empty(), Optional.of(1L));
        Usage both = new Usage(Optional.of(11L), Optional.of(5L), Optional.of(2L), Optional.empty(), Optional.of(4L));
        assertThat(one.plus(other)).isEqualTo(both).isEqualTo(other.plus(one));
        assertThat(Usage.NONE.plus(one)).isEqualTo(one);
    }

    @Test
    void aKeyLeadsToOneTurnOfARun() {
        RunId run = new RunId("r-one");
        assertThat(TurnId.derived(run, "k")).isEqualTo(TurnId.derived(run, "k"));
        assertThat(TurnId.derived(run, "k")).isNotEqualTo(TurnId.derived(new RunId("r-two"), "k"));
        assertThat(TurnId.derived(run, "k")).isNotEqualTo(TurnId.derived(run, "l"));
    }
}
