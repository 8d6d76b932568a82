package io.tailrace.events.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChatReaderTest {

    @Test
    void aProviderIsAllThatIsNeeded() throws Exception {
        assertThat(ChatReader.chat("chat", Map.of("provider", "scripted")))
                .isEqualTo(new ChatPlan(
                        TurnPolicy.REJECT,
                        5,
                        Duration.ofDays(7),
                        new ModelChoice("scripted", Optional.empty()),
                        Optional.empty(),
                        Generation.DEFAULT));
    }

    @Test
    void everythingCanBeChosen() throws Exception {
        Map<String, Object> generation =
                Map.of("max_output_tokens", 512, "temperature", 0.7, "top_p", 0.95, "stop", List.of("END"));
        Map<String, Object> tree = Map.of(
                "provider", "openai",
                "model", "gpt",
                "system", "Be brief.",
                "policy", "interrupt",
                "max_queued", 0,
                "idle_timeout_ms", 1000,
                "generation", generation);
        assertThat(ChatReader.chat("chat", tree))
                .isEqualTo(new ChatPlan(
                        TurnPolicy.INTERRUPT,
                        0,
                        Duration.ofSeconds(1),
                        new ModelChoice("openai", Optional.of("gpt")),
                        Optional.of("Be brief."),
                        new Generation(Optional.of(512), Optional.of(700), Optional.of(950), List.of("END"))));
    }

    @Test
    void aTurnsSettingsGoBeforeTheChats() {
        Generation chat = new Generation(Optional.of(100), Optional.of(0), Optional.empty(), List.of("A"));
        Generation turn = new Generation(Optional.of(7), Optional.empty(), Optional.of(500), List.of());
        assertThat(turn.over(chat))
                .isEqualTo(new Generation(Optional.of(7), Optional.of(0), Optional.of(500), List.of("A")));
    }

    static List<Arguments> refused() {
        return List.of(
                Arguments.of("provider", null, "missing_field", "chat.provider"),
                Arguments.of("provider", "No Such", "invalid_value", "chat.provider"),
                Arguments.of("provider", 7, "wrong_type", "chat.provider"),
                Arguments.of("policy", "wait", "invalid_value", "chat.policy"),
                Arguments.of("max_queued", 21, "out_of_range", "chat.max_queued"),
                Arguments.of("max_queued", -1, "out_of_range", "chat.max_queued"),
                Arguments.of("idle_timeout_ms", 999, "out_of_range", "chat.idle_timeout_ms"),
                Arguments.of("model", " ", "invalid_value", "chat.model"),
                Arguments.of("system", List.of(), "wrong_type", "chat.system"),
                Arguments.of("tools", List.of(), "unknown_field", "chat.tools"),
                Arguments.of("generation", List.of(), "wrong_type", "chat.generation"),
                Arguments.of("generation", Map.of("top_k", 1), "unknown_field", "chat.generation.top_k"),
                Arguments.of("generation", Map.of("temperature", 2.1), "out_of_range", "chat.generation.temperature"),
                Arguments.of(
                        "generation", Map.of("temperature", Double.NaN), "out_of_range", "chat.generation.temperature"),
                Arguments.of(
                        "generation", Map.of("temperature", 0.70001), "invalid_value", "chat.generation.temperature"),
                Arguments.of("generation", Map.of("temperature", "hot"), "wrong_type", "chat.generation.temperature"),
                Arguments.of("generation", Map.of("top_p", 0), "out_of_range", "chat.generation.top_p"),
                Arguments.of("generation", Map.of("stop", "END"), "wrong_type", "chat.generation.stop"),
                Arguments.of("generation", Map.of("stop", List.of("")), "invalid_value", "chat.generation.stop"),
                Arguments.of("generation", Map.of("stop", List.of(1)), "wrong_type", "chat.generation.stop[0]"),
                Arguments.of(
                        "generation",
                        Map.of("max_output_tokens", 0),
                        "out_of_range",
                        "chat.generation.max_output_tokens"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aBadValueIsNamed(String field, Object value, String code, String path) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("provider", "scripted");
        tree.put(field, value);
        InvalidInput refusal = catchThrowableOfType(InvalidInput.class, () -> ChatReader.chat("chat", tree));
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.field()).isEqualTo(path);
    }

    @Test
    void aModelAloneNamesNoProvider() {
        InvalidInput refusal =
                catchThrowableOfType(InvalidInput.class, () -> ChatReader.chat("chat", Map.of("model", "gpt")));
        assertThat(refusal.field()).isEqualTo("chat.provider");
    }
}
