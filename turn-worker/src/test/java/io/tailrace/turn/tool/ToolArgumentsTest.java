package io.tailrace.turn.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.turn.provider.ToolDefinition;
import io.tailrace.turn.tool.ToolServers.Described;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolArgumentsTest {
    private static final Tool GET = new Tool.HttpGet("get", Optional.empty(), List.of("example.org"), true);

    private static final Tool BUILD = new Tool.Build(
            "build",
            Optional.of("Only for \"tests\"."),
            new BuildStep(
                    BuildStep.COMMANDS,
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
            List.of(
                    new Tool.Parameter("branch", Optional.of("Which \"branch\"."), true),
                    new Tool.Parameter("goal", Optional.empty(), false)),
            Optional.empty());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"branch\": \"main\"}",
                "{\"branch\": \"\", \"goal\": \"\"}",
                "{\"goal\": \"test\", \"branch\": \"a b\\n\"}"
            })
    void theTextsOfABuildAreTakenAsTheyAre(String arguments) throws Exception {
        assertThat(ToolArguments.check(BUILD, arguments)).isEqualTo(arguments);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"branch\": \"x\"                      | not JSON",
                "{\"branch\": \"x\", \"branch\": \"y\"}  | not JSON",
                "[\"x\"]                                 | no object",
                "{}                                      | \"branch\" is missing",
                "``                                      | \"branch\" is missing",
                "{\"goal\": \"x\"}                       | \"branch\" is missing",
                "{\"branch\": null}                      | \"branch\" must be a text",
                "{\"branch\": [\"x\"]}                   | \"branch\" must be a text",
                "{\"branch\": \"x\", \"goal\": 1}        | \"goal\" must be a text",
                "{\"branch\": \"x\", \"env\": \"y\"}     | no argument \"env\""
            })
    void theModelIsToldWhatIsWrongWithThoseOfABuild(String arguments, String told) {
        assertThatExceptionOfType(ToolArguments.Invalid.class)
                .isThrownBy(() -> ToolArguments.check(BUILD, arguments))
                .satisfies(it -> assertThat(it.result().code()).contains("invalid_arguments"))
                .satisfies(it -> assertThat(it.result().text()).contains(told, "branch, goal (optional)"));
    }

    @Test
    void theModelIsToldTheParametersOfABuild() {
        ToolDefinition offered = ToolOffer.of(ToolUse.of(List.of(BUILD)), _ -> new Described.Unusable("none", "none"))
                .getFirst();

        assertThat(offered.description()).startsWith("Runs a build").endsWith("Only for \"tests\".");
        assertThat(offered.parameters())
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"branch\":{\"type\":\"string\",\"description\":"
                        + "\"Which \\\"branch\\\".\"},\"goal\":{\"type\":\"string\"}},\"required\":[\"branch\"],"
                        + "\"additionalProperties\":false}");
    }

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

    @Test
    void argumentsOfAServersToolAreAnyObjectWithItsNumbersAsTheyAre() throws Exception {
        assertThat(ToolArguments.object("{\"a\":0.1234567890123456789,\"b\":[1e400,null],\"c\":{}}"))
                .hasToString("{a=0.1234567890123456789, b=[1E+400, null], c={}}");
        assertThat(ToolArguments.object(" ")).isEmpty();
        for (String other : List.of("[]", "1", "{", "{} {}", "{\"a\":1,\"a\":2}", "[".repeat(60))) {
            assertThatExceptionOfType(ToolArguments.Invalid.class).isThrownBy(() -> ToolArguments.object(other));
        }
    }
}
