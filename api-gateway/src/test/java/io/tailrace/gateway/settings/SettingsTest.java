package io.tailrace.gateway.settings;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.gateway.GatewayApplication;
import io.tailrace.service.settings.StartRefused;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The process refuses to start with settings that are unknown or out of bounds, and says which. */
class SettingsTest {
    static Stream<Arguments> badValues() {
        return Stream.of(
                Arguments.of("tailrace.kafka.partitions", "0"),
                Arguments.of("tailrace.kafka.partitions", "many"),
                Arguments.of("tailrace.kafka.request-partitions", "0"),
                Arguments.of("tailrace.kafka.replication-factor", "0"),
                Arguments.of("tailrace.kafka.replication-factor", "40000"),
                Arguments.of("tailrace.kafka.retention", "0s"),
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
                Arguments.of("tailrace.gateway.repositories.max-document", "1GB"),
                Arguments.of("tailrace.gateway.repositories.max-open", "0"),
                Arguments.of("tailrace.gateway.repositories.answer-within", "2m"),
                Arguments.of("tailrace.gateway.repositories.store-within", "0s"),
                Arguments.of("tailrace.gateway.decisions.coordinator-group", "two words"),
                Arguments.of("tailrace.gateway.decisions.stalled-after", "1ms"));
    }

    @ParameterizedTest(name = "{0}={1}")
    @MethodSource("badValues")
    void badValueKeepsTheProcessFromStarting(String name, String value) {
        assertThatThrownBy(() -> start(Map.of(name, value), Map.of()))
                .hasStackTraceContaining(name.substring(name.lastIndexOf('.') + 1));
    }

    /** A slip of the pen, another service's name outside the environment, a former name; and what the refusal says. */
    @ParameterizedTest
    @CsvSource({
        "tailrace.gateway.adhoc-phase, tailrace.gateway.adhoc-phases",
        "tailrace.worker.slots, tailrace.worker.slots",
        "tailrace.gatway.api.max-body, tailrace.gateway.api.max-body",
        "tailrace.kafka.bootstrap-servers, spring.kafka.bootstrap-servers"
    })
    void unknownPropertyKeepsTheProcessFromStarting(String name, String said) {
        assertThatThrownBy(() -> start(Map.of(name, "x"), Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(name)
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource({
        "TAILRACE_GATEWAY_ADHOC_PHASE, TAILRACE_GATEWAY_ADHOC_PHASES",
        "TAILRACE_MISSPELT, TAILRACE_MISSPELT",
        "TAILRACE_KAFKA_BOOTSTRAP_SERVERS, SPRING_KAFKA_BOOTSTRAP_SERVERS"
    })
    void unknownEnvironmentVariableKeepsTheProcessFromStarting(String name, String said) {
        assertThatThrownBy(() -> start(Map.of(), Map.of(name, "true")))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(name)
                .hasMessageContaining(said);
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
                "spring.kafka.bootstrap-servers", "127.0.0.1:1"));
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
