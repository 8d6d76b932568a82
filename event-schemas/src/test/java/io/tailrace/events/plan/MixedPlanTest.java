package io.tailrace.events.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.events.log.StageKind;
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

/** Plans of builds and prompts, and what they refer to. */
class MixedPlanTest {
    private static final Map<String, Object> ASK = prompt(Map.of("name", "ask"));

    @Test
    void readsBuildsAndPromptsThatUseEarlierResults() throws Exception {
        Object tree = List.of(
                build(Map.of("name", "compile")),
                prompt(Map.of(
                        "name",
                        "explain",
                        "model",
                        "echo",
                        "system",
                        "Be brief.",
                        "generation",
                        Map.of("max_output_tokens", 100),
                        "script",
                        Map.of("steps", 1),
                        "limits",
                        Map.of("stage_deadline_ms", 1000, "queue_deadline_ms", 500, "max_attempts", 2))),
                build(Map.of(
                        "inputs",
                        List.of(
                                Map.of("from", "explain", "file", "notes/./answer.txt"),
                                Map.of("from", "explain", "variable", "ANSWER")))),
                prompt(Map.of("text", "Again: {{steps.explain.text}} {{ {{x}}", "system", "{{steps.explain.text}}")));

        Plan plan = PlanReader.plan("plan", tree, String::valueOf);

        assertThat(plan.steps())
                .extracting(Step::kind)
                .containsExactly(StageKind.BUILD, StageKind.TURN, StageKind.BUILD, StageKind.TURN);
        assertThat(plan.firstKind()).isEqualTo(StageKind.BUILD);
        assertThat(plan.steps().get(1))
                .isEqualTo(new PromptStep(
                        Optional.of("explain"),
                        "Hello",
                        new ModelChoice("scripted", Optional.of("echo")),
                        Optional.of("Be brief."),
                        new Generation(Optional.of(100), Optional.empty(), Optional.empty(), List.of()),
                        Optional.of("{steps=1}"),
                        Optional.of(new StepLimits(
                                Optional.of(Duration.ofSeconds(1)),
                                Optional.of(Duration.ofMillis(500)),
                                Optional.of(2)))));
        assertThat(((BuildStep) plan.steps().get(2)).inputList())
                .containsExactly(
                        new StepInput.FileInput("explain", "notes/answer.txt"),
                        new StepInput.VariableInput("explain", "ANSWER"));
        assertThat(plan.steps())
                .extracting(Step::uses)
                .allSatisfy(it -> assertThat(it).isSubsetOf("explain"));
        assertThat(plan.steps().get(3).uses()).containsExactly("explain");
    }

    @Test
    void aStepsLimitsStandInForThoseOfTheRun() {
        StepLimits own = new StepLimits(Optional.of(Duration.ofSeconds(1)), Optional.empty(), Optional.of(2));

        assertThat(own.within(Limits.DEFAULT))
                .isEqualTo(new Limits(
                        Limits.DEFAULT.wallClock(), Duration.ofSeconds(1), Limits.DEFAULT.queueDeadline(), 2));
    }

    @Test
    void resultsArePutInOnceAndAsTheyAre() {
        PromptText text = PromptText.parse("{{steps.a.text}}, {{b}} and {{steps.c.text}}{{steps.a.text}}");

        assertThat(text.references()).containsExactly("a", "c");
        assertThat(text.render(name -> "{{steps." + name + ".text}}"))
                .isEqualTo("{{steps.a.text}}, {{b}} and {{steps.c.text}}{{steps.a.text}}");
        assertThat(text.render(Map.of("a", "1", "c", "$0\\")::get)).isEqualTo("1, {{b}} and $0\\1");
    }

    @Test
    void theLongestTextsOfAPromptAreTaken() throws Exception {
        String longest = "a".repeat(64 * 1024);

        Plan plan =
                PlanReader.plan("plan", List.of(prompt(Map.of("text", longest, "system", longest))), String::valueOf);

        PromptStep step = (PromptStep) plan.steps().getFirst();
        assertThat(step.text()).isEqualTo(longest);
        assertThat(step.system()).contains(longest);
    }

    private static Map<String, Object> prompt(Map<String, Object> more) {
        Map<String, Object> tree = new HashMap<>(Map.of("step", "prompt", "text", "Hello", "provider", "scripted"));
        tree.putAll(more);
        return tree;
    }

    private static Map<String, Object> build(Map<String, Object> more) {
        Map<String, Object> tree = new HashMap<>(Map.of("step", "build", "recipe", "commands", "definition", "a"));
        tree.putAll(more);
        return tree;
    }

    private static Map<String, Object> without(Map<String, Object> tree, String field) {
        Map<String, Object> less = new HashMap<>(tree);
        less.remove(field);
        return less;
    }

    private static Arguments refused(String code, String field, Object... steps) {
        return Arguments.of(code, field, List.of(steps), false);
    }

    private static Arguments unresolved(String code, String field, Object... steps) {
        return Arguments.of(code, field, List.of(steps), true);
    }

    private static Arguments input(String code, String field, Map<String, Object> input) {
        return refused(code, "plan[1].inputs[0]." + field, ASK, build(Map.of("inputs", List.of(input))));
    }

    private static Arguments file(String file) {
        return input("invalid_value", "file", Map.of("from", "ask", "file", file));
    }

    private static Arguments variable(String variable) {
        return input("invalid_value", "variable", Map.of("from", "ask", "variable", variable));
    }

    private static Arguments inputs(String code, String field, Object... inputs) {
        return refused(code, "plan[1].inputs" + field, ASK, build(Map.of("inputs", List.of(inputs))));
    }

    static List<Arguments> refusals() {
        return List.of(
                refused("missing_field", "plan[0].text", without(ASK, "text")),
                refused("missing_field", "plan[0].provider", without(ASK, "provider")),
                refused("invalid_value", "plan[0].text", prompt(Map.of("text", " \n"))),
                refused("invalid_value", "plan[0].text", prompt(Map.of("text", "a\0"))),
                refused("too_long", "plan[0].text", prompt(Map.of("text", "a".repeat(64 * 1024 + 1)))),
                refused("too_long", "plan[0].system", prompt(Map.of("system", "a".repeat(64 * 1024 + 1)))),
                refused("too_long", "plan[0].script", prompt(Map.of("script", "a".repeat(128 * 1024 + 1)))),
                refused("wrong_type", "plan[0].text", prompt(Map.of("text", 7))),
                refused("unknown_field", "plan[0].recipe", prompt(Map.of("recipe", "commands"))),
                refused("unknown_field", "plan[0].text", build(Map.of("text", "Hello"))),
                refused("wrong_type", "plan[0].step", Map.of("step", 7)),
                refused(
                        "out_of_range",
                        "plan[0].limits.max_attempts",
                        prompt(Map.of("limits", Map.of("max_attempts", 0)))),
                refused(
                        "unknown_field",
                        "plan[0].limits.wall_clock_ms",
                        prompt(Map.of("limits", Map.of("wall_clock_ms", 1000)))),
                refused("invalid_value", "plan[0].name", prompt(Map.of("name", "Ask"))),
                refused("invalid_value", "plan[0].name", prompt(Map.of("name", "1a"))),
                refused("invalid_value", "plan[0].name", build(Map.of("name", "a".repeat(64)))),
                refused("duplicate_name", "plan[1].name", ASK, ASK),
                refused("duplicate_name", "plan[1].name", ASK, build(Map.of("name", "ask"))),
                refused(
                        "conflicting_fields",
                        "plan[0].inputs",
                        Map.of(
                                "step",
                                "build",
                                "recipe",
                                "python-env",
                                "definition",
                                "a",
                                "configuration",
                                "a",
                                "inputs",
                                List.of())),
                unresolved("unknown_reference", "plan[1].text", ASK, prompt(Map.of("text", "{{steps.as.text}}"))),
                unresolved("unknown_reference", "plan[1].system", ASK, prompt(Map.of("system", "{{steps.as.text}}"))),
                unresolved(
                        "invalid_reference",
                        "plan[0].text",
                        prompt(Map.of("name", "self", "text", "{{steps.self.text}}"))),
                unresolved("invalid_reference", "plan[0].text", prompt(Map.of("text", "{{steps.ask.text}}")), ASK),
                unresolved(
                        "invalid_reference",
                        "plan[1].text",
                        build(Map.of("name", "make")),
                        prompt(Map.of("text", "{{steps.make.text}}"))),
                unresolved("invalid_reference", "plan[1].text", ASK, prompt(Map.of("text", "{{steps.ask.output}}"))),
                unresolved("invalid_reference", "plan[1].text", ASK, prompt(Map.of("text", "{{steps.ask.text"))),
                unresolved(
                        "unknown_reference",
                        "plan[1].inputs[0].from",
                        ASK,
                        build(Map.of("inputs", List.of(Map.of("from", "as", "variable", "A"))))),
                unresolved(
                        "invalid_reference",
                        "plan[0].inputs[0].from",
                        build(Map.of("inputs", List.of(Map.of("from", "ask", "variable", "A")))),
                        ASK),
                input("missing_field", "from", Map.of("file", "a")),
                input("missing_field", "file", Map.of("from", "ask")),
                input("conflicting_fields", "file", Map.of("from", "ask", "file", "a", "variable", "A")),
                input("unknown_field", "argv", Map.of("from", "ask", "argv", "a")),
                input("too_long", "file", Map.of("from", "ask", "file", "a".repeat(513))),
                file("/etc/passwd"),
                file("../a"),
                file("a/../../b"),
                file("a\0b"),
                file("a\nb"),
                file("a\\b"),
                file("c:a"),
                file(""),
                file("."),
                file("a/"),
                variable("1A"),
                variable("A-B"),
                variable("A=B"),
                variable("A\0"),
                variable(""),
                variable("PATH"),
                variable("path"),
                variable("LD_PRELOAD"),
                inputs("wrong_type", "[0]", "ask"),
                inputs(
                        "duplicate_name",
                        "[1]",
                        Map.of("from", "ask", "variable", "A"),
                        Map.of("from", "ask", "variable", "A")),
                inputs(
                        "duplicate_name",
                        "[1]",
                        Map.of("from", "ask", "file", "a"),
                        Map.of("from", "ask", "file", "./A")),
                inputs(
                        "duplicate_name",
                        "[1].file",
                        Map.of("from", "ask", "file", "a/b"),
                        Map.of("from", "ask", "file", "a")),
                inputs("too_many", "", Collections.nCopies(21, Map.of()).toArray()));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesItWithThePath(String code, String field, List<Object> plan, boolean wellFormed) {
        InvalidInput refusal = catchThrowableOfType(
                InvalidInput.class, () -> PlanReader.plan("plan", plan, tree -> String.valueOf(tree)));

        assertThat(refusal).as("%s is to be refused", plan).isNotNull();
        assertThat(refusal.code() + " " + refusal.field()).isEqualTo(code + " " + field);
        assertThat(refusal.isWellFormed()).isEqualTo(wellFormed);
    }
}
