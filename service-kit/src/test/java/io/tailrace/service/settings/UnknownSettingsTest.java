package io.tailrace.service.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names keep a process from starting, and which do not. */
class UnknownSettingsTest {
    private record Inner(int maxBytes) {}

    private record Outer(String recipesDir, List<String> corsOrigins, Inner inner) {}

    private final UnknownSettings unknown = unknown();

    private static UnknownSettings unknown() {
        PropertyNames own = new PropertyNames();
        own.add("tailrace.gateway", Outer.class);
        return new UnknownSettings(NameCatalogue.read(), own);
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
                "TAILRACE_INSTANCE",
                "server.port",
                "PATH",
                "TAILRACE"
            })
    void itsOwnAndForeignNamesPassEverywhere(String name) {
        unknown.look(name, false);
        unknown.look(name, true);
        assertThat(unknown.names()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TAILRACE_WORKER_SLOTS",
                "TAILRACE_WORKER_SECRETS_0",
                "TAILRACE_WORKER_PROVIDERS_FILE",
                "TAILRACE_COORDINATOR_STATE_DIR",
                "TAILRACE_JDK_FOLDERS",
                "TAILRACE_HOME",
                "tailrace.kafka"
            })
    void whatIsAnothersPassesInTheEnvironmentAlone(String name) {
        unknown.look(name, true);
        assertThat(unknown.names()).isEmpty();
        unknown.look(name, false);
        assertThat(unknown.names()).containsExactly(name);
    }

    @ParameterizedTest
    @CsvSource({
        "tailrace.gateway.recipe-dir, tailrace.gateway.recipes-dir",
        "TAILRACE_GATEWAY_RECIPE_DIR, TAILRACE_GATEWAY_RECIPES_DIR",
        "tailrace.gatewy.inner.max-byte, tailrace.gateway.inner.max-bytes",
        "tailrace.gateway.inner, tailrace.gateway.inner",
        "tailrace.gateway.recipes-dir[0], tailrace.gateway.recipes-dir",
        "TAILRACE_GATEWAY_RECIPES_DIR_0, TAILRACE_GATEWAY_RECIPES_DIR",
        "tailrace.gateway.inner.max-bytes[0], tailrace.gateway.inner.max-bytes",
        "tailrace.gateway.cors-origins[], tailrace.gateway.cors-origins",
        "tailrace.gateway.cors-origins[0][1], tailrace.gateway.cors-origins",
        "TAILRACE_WORKER_SLOTS_1, TAILRACE_WORKER_SLOTS_1",
        "TAILRACE_MISSPELT, TAILRACE_MISSPELT",
        "TAILRACE_KAFKA_SERVERS, TAILRACE_KAFKA_SERVERS",
        "tailrace.kafka.bootstrap-servers, spring.kafka.bootstrap-servers",
        "TAILRACE_KAFKA_BOOTSTRAPSERVERS, SPRING_KAFKA_BOOTSTRAP_SERVERS"
    })
    void typosAreFoundAndTheNearestOrTodaysNameIsSaid(String name, String said) {
        unknown.look(name, true);
        assertThatThrownBy(unknown::refuse)
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(name)
                .hasMessageContaining(said);
    }

    @Test
    void allAreSaidAtOnce() {
        unknown.look("tailrace.one", false);
        unknown.look("tailrace.two", false);
        assertThatThrownBy(unknown::refuse).hasMessageContaining("tailrace.one").hasMessageContaining("tailrace.two");
    }
}
