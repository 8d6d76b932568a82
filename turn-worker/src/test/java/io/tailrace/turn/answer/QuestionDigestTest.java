package io.tailrace.turn.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.plan.Tool;
import io.tailrace.events.plan.ToolUse;
import io.tailrace.turn.provider.CallTimeouts;
import io.tailrace.turn.provider.GenerationSettings;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class QuestionDigestTest {
    private static final ModelRequest QUESTION = asked("What is there?").withSystem("Be brief.");

    private static ModelRequest asked(String... texts) {
        return ModelRequest.of(
                "m",
                Arrays.stream(texts).<ModelMessage>map(ModelMessage.User::new).toList());
    }

    private static String digest(ModelRequest request) {
        return QuestionDigest.of("p", request, Optional.empty());
    }

    private static GenerationSettings settings(String maxTokens, String temperature, String topP, String... stop) {
        return new GenerationSettings(
                maxTokens.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(maxTokens)),
                temperature.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(temperature)),
                topP.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(topP)),
                List.of(stop));
    }

    @Test
    void eachSettingOfTheGenerationMakesAnotherQuestion() {
        List<String> digests = new ArrayList<>();
        for (GenerationSettings each : List.of(
                GenerationSettings.unset(),
                settings("100", "", ""),
                settings("101", "", ""),
                settings("", "1", ""),
                settings("", "0.5", ""),
                settings("", "", "1"),
                settings("", "", "0.5"),
                settings("", "", "", "a"),
                settings("", "", "", "b"),
                settings("", "", "", "a", "b"),
                settings("", "", "", "b", "a"),
                settings("", "", "", "ab"))) {
            digests.add(digest(QUESTION.withSettings(each)));
        }

        assertThat(digests).doesNotHaveDuplicates();
    }

    @Test
    void whateverElseAModelIsToldMakesAnotherQuestion() {
        ToolUse tools = ToolUse.of(List.of(new Tool.HttpGet("get", Optional.empty(), List.of("example.org"), true)));

        assertThat(List.of(
                        digest(QUESTION),
                        digest(asked("What is there?")),
                        digest(QUESTION.withSystem("Be long.")),
                        digest(QUESTION.withMessages(asked("What is", " there?").messages())),
                        digest(QUESTION.withScript("{}")),
                        QuestionDigest.of("other", QUESTION, Optional.empty()),
                        QuestionDigest.of("p", QUESTION, Optional.of(tools))))
                .doesNotHaveDuplicates()
                .allMatch(it -> it.matches("[0-9a-f]{64}"));
    }

    @Test
    void howLongACallMayTakeIsNoPartOfTheQuestion() {
        CallTimeouts others = new CallTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3));

        assertThat(digest(QUESTION.withTimeouts(others))).isEqualTo(digest(QUESTION));
    }
}
