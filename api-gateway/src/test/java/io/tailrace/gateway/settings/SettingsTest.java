package io.tailrace.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.gateway.GatewayApplication;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The process refuses to start with settings that are unknown or out of bounds, and says which. */
class SettingsTest {
    private record Inner(int maxBytes) {}

    private record Outer(String recipesDir, List<String> corsOrigins, Inner inner) {}

    private static PropertyNames names() {
        PropertyNames names = new PropertyNames(Set.of("tailrace.gateway", "tailrace.kafka"));
        names.add("tailrace.gateway", Outer.class);
        return names;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tailrace.gateway.recipes-dir",
                "tailrace.gateway.recipesDir",
                "TAILRACE_GATEWAY_RECIPES_DIR",
                "TAILRACE_GATEWAY_RECIPESDIR",
                "tailrace.gateway.cors-origins[0]",
                "TAILRACE_GATEWAY_CORS_ORIGINS_0",
                "TAILRACE_GATEWAY_CORSORIGINS",
                "tailrace.gateway.inner.max-bytes",
                "TAILRACE_GATEWAY_INNER_MAXBYTES",
                "TAILRACE_WORKER_SLOTS",
                "TAILRACE_HOME",
                "tailrace.kafka",
                "server.port",
                "PATH"
            })
    void knownAndForeignNamesPass(String name) {
        assertThat(names().unknownAmong(List.of(name))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tailrace.gateway.recipe-dir",
                "TAILRACE_GATEWAY_RECIPE_DIR",
                "tailrace.gateway.inner.max-byte",
                "tailrace.gateway.inner",
                "tailrace.kafka.bootstrap",
                "TAILRACE_KAFKA_SERVERS"
            })
    void slipsOfThePenAreFound(String name) {
        assertThat(names().unknownAmong(List.of(name))).containsExactly(name);
    }

    static Stream<Arguments> badValues() {
        return Stream.of(
                Arguments.of("tailrace.kafka.partitions", "0"),
                Arguments.of("tailrace.kafka.partitions", "many"),
                Arguments.of("tailrace.kafka.request-partitions", "0"),
                Arguments.of("tailrace.kafka.replication-factor", "0"),
                Arguments.of("tailrace.kafka.replication-factor", "40000"),
                Arguments.of("tailrace.kafka.retention", "0s"),
                Arguments.of("tailrace.kafka.bootstrap-servers", " "),
                Arguments.of("tailrace.gateway.adhoc-phases", "perhaps"),
                Arguments.of("tailrace.gateway.allow-remote", "2"),
                Arguments.of("tailrace.gateway.cors-origins", "https://example.org/"),
                Arguments.of("tailrace.gateway.cors-origins", "example.org"),
                Arguments.of("tailrace.gateway.allowed-hosts", "http://example.org"),
                Arguments.of("tailrace.gateway.api.max-body", "10MB"),
                Arguments.of("tailrace.gateway.api.max-body", "10B"),
                Arguments.of("tailrace.gateway.commands.send-within", "0s"),
                Arguments.of("tailrace.gateway.commands.decide-within", "2m"),
                Arguments.of("tailrace.gateway.catalogue.catch-up-within", "0s"),
                Arguments.of("tailrace.gateway.decisions.coordinator-group", "two words"),
                Arguments.of("tailrace.gateway.decisions.stalled-after", "1ms"));
    }

    @ParameterizedTest(name = "{0}={1}")
    @MethodSource("badValues")
    void badValueKeepsTheProcessFromStarting(String name, String value) {
        assertThatThrownBy(() -> start(Map.of(name, value), Map.of()))
                .hasStackTraceContaining(name.substring(name.lastIndexOf('.') + 1));
    }

    @Test
    void unknownPropertyKeepsTheProcessFromStarting() {
        assertThatThrownBy(() -> start(Map.of("tailrace.gateway.adhoc-phase", "true"), Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("tailrace.gateway.adhoc-phase");
    }

    @Test
    void unknownEnvironmentVariableKeepsTheProcessFromStarting() {
        assertThatThrownBy(() -> start(Map.of(), Map.of("TAILRACE_GATEWAY_ADHOC_PHASE", "true")))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("TAILRACE_GATEWAY_ADHOC_PHASE");
    }

    @Test
    void otherMachinesAreNotLetInUnasked() {
        assertThatThrownBy(() -> start(Map.of("server.address", "0.0.0.0"), Map.of()))
                .rootCause()
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("0.0.0.0");
    }

    private static void start(Map<String, String> properties, Map<String, String> variables) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "server.port", "0",
                "logging.level.root", "off",
                "tailrace.kafka.bootstrap-servers", "127.0.0.1:1"));
        all.putAll(properties);
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", all));
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", new HashMap<>(variables)));
        SpringApplication application = new SpringApplication(GatewayApplication.class);
        application.setEnvironment(environment);
        application.setRegisterShutdownHook(false);
        application.run().close();
    }
}
