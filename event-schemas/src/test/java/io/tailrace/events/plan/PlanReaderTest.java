package io.tailrace.events.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlanReaderTest {
    private static final Map<String, Object> PHASE = Map.of("name", "test", "argv", List.of("true"));

    @Test
    void readsAPlanWithAdHocPhases() throws Exception {
        Object tree = List.of(Map.of(
                "step",
                "build",
                "recipe",
                "commands",
                "phases",
                List.of(Map.of(
                        "name",
                        "test",
                        "title",
                        "Run the tests",
                        "argv",
                        List.of("make", ""),
                        "timeout_ms",
                        1500,
                        "environment",
                        Map.of("CI", "1"),
                        "continue_on_failure",
                        true))));
        BuildStep step = (BuildStep)
                PlanReader.plan("plan", tree, String::valueOf).steps().getFirst();
        assertThat(step.phases())
                .containsExactly(new Phase(
                        "test",
                        "Run the tests",
                        List.of("make", ""),
                        Duration.ofMillis(1500),
                        Map.of("CI", "1"),
                        true));
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws Exception {
        assertThat(PlanReader.phases("phases", List.of(PHASE)))
                .containsExactly(
                        new Phase("test", "test", List.of("true"), PlanReader.DEFAULT_PHASE_TIMEOUT, Map.of(), false));
        assertThat(PlanReader.limits("limits", null)).isEqualTo(Limits.DEFAULT);
        assertThat(PlanReader.limits("limits", Map.of("max_attempts", 1)).maxAttempts())
                .isEqualTo(1);
    }

    @Test
    void readsAnEnvironment() throws Exception {
        Object tree = List.of(Map.of(
                "step",
                "build",
                "recipe",
                "python-env",
                "definition",
                "python",
                "configuration",
                "ade",
                "force",
                true));
        assertThat(PlanReader.plan("plan", tree, String::valueOf).steps())
                .containsExactly(BuildStep.ofEnvironment("python", new EnvironmentStep("ade", Optional.empty(), true)));
    }

    private static Arguments environment(String code, String field, Map<String, Object> more) {
        Map<String, Object> tree = new HashMap<>(Map.of("step", "build", "recipe", "python-env"));
        tree.putAll(more);
        return plan(code, "plan[0]." + field, List.of(tree));
    }

    static List<Arguments> refused() {
        return List.of(
                environment("missing_field", "definition", Map.of("configuration", "a")),
                environment("missing_field", "configuration", Map.of("definition", "a")),
                environment("invalid_value", "configuration", Map.of("definition", "a", "configuration", "../a")),
                environment("wrong_type", "force", Map.of("definition", "a", "configuration", "a", "force", "yes")),
                environment(
                        "unknown_field", "archive", Map.of("definition", "a", "configuration", "a", "archive", "x")),
                environment(
                        "conflicting_fields",
                        "phases",
                        Map.of("definition", "a", "configuration", "a", "phases", List.of(PHASE))),
                step("conflicting_fields", "plan[0].configuration", Map.of("definition", "a", "configuration", "b")),
                step("conflicting_fields", "plan[0].force", Map.of("definition", "a", "force", true)),
                plan("wrong_type", "plan", "text"),
                plan("empty_plan", "plan", List.of()),
                plan("too_many", "plan", Collections.nCopies(21, Map.of())),
                plan("wrong_type", "plan[0]", List.of("build")),
                plan("missing_field", "plan[0].step", List.of(Map.of())),
                plan("unknown_step", "plan[0].step", List.of(Map.of("step", "dance"))),
                plan("unknown_field", "plan[0].shell", List.of(Map.of("step", "build", "shell", "sh"))),
                plan("unknown_recipe", "plan[0].recipe", List.of(Map.of("step", "build", "recipe", "magic"))),
                step("missing_field", "plan[0].definition", Map.of()),
                step("invalid_value", "plan[0].definition", Map.of("definition", "../etc/passwd")),
                step("invalid_value", "plan[0].definition", Map.of("definition", "a..b")),
                step("invalid_value", "plan[0].definition", Map.of("definition", "a/b")),
                step("invalid_value", "plan[0].definition", Map.of("definition", "a\nb")),
                step("conflicting_fields", "plan[0].phases", Map.of("definition", "a", "phases", List.of(PHASE))),
                step("empty_plan", "plan[0].phases", Map.of("phases", List.of())),
                phase("missing_field", "plan[0].phases[0].name", Map.of("argv", List.of("true"))),
                phase("invalid_value", "plan[0].phases[0].name", Map.of("name", "../x", "argv", List.of("true"))),
                phase("missing_field", "plan[0].phases[0].argv", Map.of("name", "a")),
                phase("invalid_value", "plan[0].phases[0].argv", Map.of("name", "a", "argv", List.of())),
                phase("wrong_type", "plan[0].phases[0].argv", Map.of("name", "a", "argv", "rm -rf /")),
                phase("wrong_type", "plan[0].phases[0].argv[1]", Map.of("name", "a", "argv", List.of("x", 7))),
                phase("invalid_value", "plan[0].phases[0].argv[0]", Map.of("name", "a", "argv", List.of("a\0b"))),
                phase(
                        "invalid_value",
                        "plan[0].phases[0].title",
                        Map.of("name", "a", "argv", List.of("x"), "title", "a\u001b[2J")),
                phase(
                        "out_of_range",
                        "plan[0].phases[0].timeout_ms",
                        Map.of("name", "a", "argv", List.of("x"), "timeout_ms", 0)),
                phase(
                        "wrong_type",
                        "plan[0].phases[0].timeout_ms",
                        Map.of("name", "a", "argv", List.of("x"), "timeout_ms", 1.5)),
                phase(
                        "invalid_value",
                        "plan[0].phases[0].environment",
                        Map.of("name", "a", "argv", List.of("x"), "environment", Map.of("A=B", "c"))),
                phase(
                        "wrong_type",
                        "plan[0].phases[0].environment.A",
                        Map.of("name", "a", "argv", List.of("x"), "environment", Map.of("A", 1))),
                Arguments.of(
                        "duplicate_name",
                        "plan[0].phases[1].name",
                        List.of(Map.of("step", "build", "recipe", "commands", "phases", List.of(PHASE, PHASE)))));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWithCodeAndPath(String code, String field, Object tree) {
        assertThatThrownBy(() -> PlanReader.plan("plan", tree, String::valueOf))
                .isInstanceOfSatisfying(InvalidInput.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(code);
                    assertThat(refusal.field()).isEqualTo(field);
                    assertThat(refusal.reason()).isNotBlank();
                });
    }

    private static Arguments plan(String code, String field, Object tree) {
        return Arguments.of(code, field, tree);
    }

    private static Arguments step(String code, String field, Map<String, Object> more) {
        Map<String, Object> step = new HashMap<>(Map.of("step", "build", "recipe", "commands"));
        step.putAll(more);
        return Arguments.of(code, field, List.of(step));
    }

    private static Arguments phase(String code, String field, Map<String, Object> phase) {
        return step(code, field, Map.of("phases", List.of(phase)));
    }
}
