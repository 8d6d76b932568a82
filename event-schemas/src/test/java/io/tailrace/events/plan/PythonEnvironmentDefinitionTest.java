package io.tailrace.events.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonEnvironmentDefinitionTest {

    @Test
    void whatIsLeftOutHasItsDefault() throws Exception {
        assertThat(PythonEnvironmentDefinition.read(
                        "python_env", Map.of("engine", "engine", "engine_package", "e.core")))
                .isEqualTo(new PythonEnvironmentDefinition(
                        "python3",
                        "engine",
                        "e.core",
                        Optional.empty(),
                        Optional.empty(),
                        PlanReader.DEFAULT_PHASE_TIMEOUT));
    }

    @Test
    void readsEverything() throws Exception {
        Map<String, Object> tree = Map.of(
                "python", "/usr/bin/python3",
                "engine", "engine==1.2",
                "engine_package", "engine",
                "find_links", "wheels",
                "index", "https://index.example/simple",
                "phase_timeout_ms", 1000);
        assertThat(PythonEnvironmentDefinition.read("python_env", tree))
                .isEqualTo(new PythonEnvironmentDefinition(
                        "/usr/bin/python3",
                        "engine==1.2",
                        "engine",
                        Optional.of("wheels"),
                        Optional.of(URI.create("https://index.example/simple")),
                        Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @CsvSource({
        "engine, --index-url=x",
        "engine, ''",
        "python, -c",
        "find_links, -f",
        "engine_package, os;import sys",
        "index, ftp://x/y",
        "index, nonsense",
        "index, https://",
        "shell, sh"
    })
    void refuses(String field, String value) {
        Map<String, Object> tree = new HashMap<>(Map.of("engine", "engine", "engine_package", "e"));
        tree.put(field, value);
        assertThatExceptionOfType(InvalidInput.class)
                .isThrownBy(() -> PythonEnvironmentDefinition.read("python_env", tree))
                .satisfies(it -> assertThat(it.field()).isEqualTo("python_env." + field));
    }
}
