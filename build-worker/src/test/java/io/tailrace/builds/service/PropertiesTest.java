package io.tailrace.builds.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.builds.stage.EnvironmentsProperties;
import io.tailrace.builds.stage.IsolationProperties;
import io.tailrace.builds.stage.LimitsProperties;
import io.tailrace.builds.stage.WorkerProperties;
import io.tailrace.events.kafka.TopicSettings;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.isolation.IsolationSettings.Network;
import io.tailrace.service.kafka.KafkaSettings;
import io.tailrace.service.settings.SettingsConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.unit.DataSize;

class PropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({WorkerProperties.class, KafkaSettings.class})
    @Import(SettingsConfiguration.class)
    static class Bound {}

    @Test
    void defaults() {
        runner.run(context -> {
            assertThat(context.getBean(WorkerProperties.class))
                    .isEqualTo(new WorkerProperties(
                            "build-worker",
                            2,
                            Path.of(".tailrace/build-worker"),
                            null,
                            false,
                            null,
                            List.of(),
                            new IsolationProperties(Mode.AUTO, Network.NONE, List.of()),
                            new LimitsProperties(
                                    Duration.ofHours(2), DataSize.ofGigabytes(4), DataSize.ofGigabytes(8), 4096, 2048),
                            new EnvironmentsProperties(Duration.ofDays(30), DataSize.ofGigabytes(20))));
            assertThat(context.getBean(KafkaSettings.class).topics())
                    .isEqualTo(new TopicSettings(12, 1, 1, Duration.ofDays(30)));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "tailrace.worker.id, not a name, tailrace.worker.id",
        "tailrace.worker.slots, 0, tailrace.worker.slots",
        "tailrace.worker.slots, many, tailrace.worker.slots",
        "tailrace.worker.adhoc-phases, perhaps, tailrace.worker.adhoc-phases",
        "tailrace.worker.slot, 2, tailrace.worker.slot",
        "tailrace.worker.isolation.mode, docker, tailrace.worker.isolation.mode",
        "tailrace.worker.isolation.network, some, tailrace.worker.isolation.network",
        "tailrace.worker.isolation.read-only-paths, relative, tailrace.worker.isolation.read-only-paths",
        "tailrace.worker.isolation.read-only-paths, /, tailrace.worker.isolation.read-only-paths",
        "tailrace.worker.isolation.modes, auto, tailrace.worker.isolation.modes",
        "tailrace.worker.limits.memory, 0, tailrace.worker.limits.memory",
        "tailrace.worker.limits.cpu-time, 0s, tailrace.worker.limits.cpu-time",
        "tailrace.worker.limits.processes, 0, tailrace.worker.limits.processes",
        "tailrace.worker.limits.open-files, -1, tailrace.worker.limits.open-files",
        "tailrace.worker.limits.file-size, 0, tailrace.worker.limits.file-size",
        "tailrace.worker.environments.max-age, 0s, tailrace.worker.environments.max-age",
        "tailrace.worker.environments.max-size, -1, tailrace.worker.environments.max-size",
        "tailrace.kafka.partitions, 0, tailrace.kafka.partitions",
        "tailrace.kafka.request-partitions, 0, tailrace.kafka.request-partitions",
        "tailrace.kafka.replication-factor, 0, tailrace.kafka.replication-factor",
        "tailrace.kafka.retention, -1d, tailrace.kafka.retention",
        "tailrace.kafka.bootstrap-servers, x:1, spring.kafka.bootstrap-servers",
        "tailrace.kafka.brokers, x:1, tailrace.kafka.brokers",
    })
    void aBadValueOrNameStopsTheStartAndIsNamed(String name, String value, String named) {
        runner.withPropertyValues(name + "=" + value).run(context -> {
            Throwable failure = context.getStartupFailure();
            assertThat(failure).isNotNull();
            assertThatThrownBy(() -> {
                        throw failure;
                    })
                    .hasStackTraceContaining(named);
        });
    }
}
