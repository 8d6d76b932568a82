package io.tailrace.turn.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tailrace.events.plan.Tool;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolArgumentsTest {
    private static final Tool GET = new Tool.HttpGet("get", Optional.empty(), List.of("example.org"), true);

    @Test
    void theOneArgumentIsTaken() throws Exception {
        assertThat(ToolArguments.check(GET, " {\"url\": \"https://example.org/ä\"} "))
                .isEqualTo("https://example.org/ä");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"url\": \"x\"                   | not JSON",
                "{\"url\": \"x\"} {}               | not JSON",
                "{\"url\": \"x\", \"url\": \"y\"}  | not JSON",
                "[\"x\"]                           | no object",
                "null                              | no object",
                "{}                                | missing",
                "{\"url\": null}                   | must be a text",
                "{\"url\": 1}                      | must be a text",
                "{\"url\": \" \"}                  | must be a text",
                "{\"url\": \"x\", \"method\": \"POST\"} | no argument \"method\""
            })
    void theModelIsToldWhatIsWrong(String arguments, String told) {
        assertThatExceptionOfType(ToolArguments.Invalid.class)
                .isThrownBy(() -> ToolArguments.check(GET, arguments))
                .satisfies(it -> {
                    assertThat(it.result().outcome()).isEqualTo(ToolOutcome.FAILED);
                    assertThat(it.result().code()).contains("invalid_arguments");
                    assertThat(it.result().text()).contains(told, "url");
                });
    }

    @Test
    void whatWasCutOffIsNotWhole() {
        assertThat(ToolArguments.isWhole("{\"url\": \"x\"}")).isTrue();
        assertThat(ToolArguments.isWhole("")).isTrue();
        assertThat(ToolArguments.isWhole("{\"url\": \"x")).isFalse();
        assertThat(ToolArguments.isWhole("{\"url\": \"x\"}}")).isFalse();
        assertThat(ToolArguments.isWhole("[]")).isFalse();
    }

    @Test
    void hugeOrDeepArgumentsAreNotRead() {
        assertThatExceptionOfType(ToolArguments.Invalid.class)
                .isThrownBy(() -> ToolArguments.check(GET, "{\"url\": \"" + "x".repeat(70_000) + "\"}"));
        assertThatExceptionOfType(ToolArguments.Invalid.class)
                .isThrownBy(() -> ToolArguments.check(GET, "[".repeat(10_000)));
        assertThat(ToolArguments.canonical("[".repeat(10_000))).isEqualTo("[".repeat(10_000));
    }
}
