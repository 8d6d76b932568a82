package io.tailrace.turn.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class KnowledgeSettingsTest {

    @Test
    void nothingHasToBeSet() {
        KnowledgeSettings settings = bind(Map.of());

        assertThat(settings.dir()).isNull();
        assertThat(settings.maxOpen()).isEqualTo(4);
        assertThat(settings.answerWithin()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.keepUnused()).isEqualTo(Duration.ofDays(1));
    }

    @ParameterizedTest
    @CsvSource({
        "max-open, 0",
        "max-open, 1001",
        "answer-within, 0s",
        "answer-within, 61m",
        "keep-unused, 1s",
        "keep-unused, 366d"
    })
    void aValueOutOfItsBoundsIsNamed(String name, String value) {
        assertThatThrownBy(() -> bind(Map.of("tailrace.worker.knowledge." + name, value)))
                .hasStackTraceContaining("tailrace.worker.knowledge." + name + " must be");
    }

    private static KnowledgeSettings bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("tailrace.worker.knowledge", KnowledgeSettings.class);
    }
}
