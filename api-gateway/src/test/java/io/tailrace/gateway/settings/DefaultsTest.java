package io.tailrace.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.gateway.access.AccessSettings;
import io.tailrace.gateway.api.ApiSettings;
import io.tailrace.gateway.command.CommandSettings;
import io.tailrace.gateway.decision.DecisionSettings;
import io.tailrace.gateway.recipe.RecipeSettings;
import io.tailrace.gateway.repository.RepositorySettings;
import io.tailrace.gateway.runs.CatalogueSettings;
import io.tailrace.service.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

/** What an operator gets who sets nothing, and that environment variables reach every setting. */
class DefaultsTest {
    private static <T> T bind(String prefix, Class<T> type, Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables));
        ConfigurationPropertySources.attach(environment);
        return Binder.get(environment).bindOrCreate(prefix, type);
    }

    @Test
    void defaults() {
        assertThat(bind("tailrace.kafka", KafkaSettings.class, Map.of()))
                .isEqualTo(new KafkaSettings(12, 1, 1, Duration.ofDays(30)));
        assertThat(bind("tailrace.gateway", RecipeSettings.class, Map.of())).isEqualTo(new RecipeSettings(null, false));
        assertThat(bind("tailrace.gateway", AccessSettings.class, Map.of()))
                .isEqualTo(new AccessSettings(false, List.of(), List.of()));
        assertThat(bind("tailrace.gateway.api", ApiSettings.class, Map.of()))
                .isEqualTo(new ApiSettings(DataSize.ofKilobytes(512)));
        assertThat(bind("tailrace.gateway.commands", CommandSettings.class, Map.of()))
                .isEqualTo(new CommandSettings(Duration.ofSeconds(4), Duration.ofSeconds(5)));
        assertThat(bind("tailrace.gateway.catalogue", CatalogueSettings.class, Map.of()))
                .isEqualTo(new CatalogueSettings(Duration.ofSeconds(3)));
        assertThat(bind("tailrace.gateway.repositories", RepositorySettings.class, Map.of()))
                .isEqualTo(new RepositorySettings(
                        null, DataSize.ofMegabytes(16), 16, Duration.ofSeconds(5), Duration.ofSeconds(30)));
        assertThat(bind("tailrace.gateway.decisions", DecisionSettings.class, Map.of()))
                .isEqualTo(new DecisionSettings("tailrace-coordinator", Duration.ofSeconds(5)));
    }

    @Test
    void environmentVariables() {
        assertThat(bind(
                        "tailrace.kafka",
                        KafkaSettings.class,
                        Map.of(
                                "TAILRACE_KAFKA_PARTITIONS", "3",
                                "TAILRACE_KAFKA_REQUEST_PARTITIONS", "2",
                                "TAILRACE_KAFKA_REPLICATION_FACTOR", "3",
                                "TAILRACE_KAFKA_RETENTION", "1h")))
                .isEqualTo(new KafkaSettings(3, 2, 3, Duration.ofHours(1)));
        assertThat(bind(
                        "tailrace.gateway",
                        RecipeSettings.class,
                        Map.of("TAILRACE_GATEWAY_RECIPES_DIR", "/r", "TAILRACE_GATEWAY_ADHOC_PHASES", "true")))
                .isEqualTo(new RecipeSettings(Path.of("/r"), true));
        assertThat(bind(
                        "tailrace.gateway",
                        AccessSettings.class,
                        Map.of(
                                "TAILRACE_GATEWAY_ALLOW_REMOTE", "true",
                                "TAILRACE_GATEWAY_CORS_ORIGINS", "http://a,http://b:1",
                                "TAILRACE_GATEWAY_ALLOWED_HOSTS", "ci.example.org")))
                .isEqualTo(new AccessSettings(true, List.of("http://a", "http://b:1"), List.of("ci.example.org")));
    }
}
