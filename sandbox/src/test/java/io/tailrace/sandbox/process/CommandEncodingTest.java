package io.tailrace.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A command gets what it was given, or is not started. */
class CommandEncodingTest {
    private static final CommandEncoding ASCII = new CommandEncoding(StandardCharsets.US_ASCII);
    private static final CommandEncoding UTF_8 = new CommandEncoding(StandardCharsets.UTF_8);

    @Test
    void whatALocaleWithoutUtf8WouldTurnIntoQuestionMarksIsRefused() {
        assertRefused(List.of("echo", "grüße"), Map.of());
        assertRefused(List.of("echo"), Map.of("GREETING", "grüße"));
        assertRefused(List.of("echo"), Map.of("GRÜSSE", "greeting"));
        assertThatCode(() -> ASCII.require(List.of("echo", "greeting"), Map.of("A", "b")))
                .doesNotThrowAnyException();
    }

    private static void assertRefused(List<String> command, Map<String, String> environment) {
        assertThatExceptionOfType(CommandNotStarted.class)
                .isThrownBy(() -> ASCII.require(command, environment))
                .withMessageContaining("US-ASCII")
                .withMessageContaining("LC_ALL=C.UTF-8")
                .satisfies(it -> assertThat(it.code()).isEqualTo("command_not_encodable"));
    }

    @Test
    void utf8PassesOnEverything() {
        assertThatCode(() -> UTF_8.require(List.of("echo", "grüße 😀"), Map.of("GRÜSSE", "日本語")))
                .doesNotThrowAnyException();
    }
}
