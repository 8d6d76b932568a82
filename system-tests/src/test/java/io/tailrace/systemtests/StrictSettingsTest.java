package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.stack.TailraceHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No service starts with a setting that it does not know; what others know may stand in its environment. */
class StrictSettingsTest {
    private static final Path HOME = TailraceHome.locate();
    private static final Pattern UNKNOWN = Pattern.compile("(\\S+) is unknown\\.");

    @ParameterizedTest
    @CsvSource({
        "api-gateway, tailrace.gateway.adhoc-phase, tailrace.gateway.adhoc-phases",
        "run-coordinator, tailrace.coordinator.comit-interval, tailrace.coordinator.commit-interval",
        "build-worker, tailrace.worker.slot, tailrace.worker.slots",
        "turn-worker, tailrace.worker.provider-file, tailrace.worker.providers-file"
    })
    void whatNobodyKnowsStopsTheStartAndIsNamed(String module, String typo, String meant, @TempDir Path folder)
            throws Exception {
        Path out = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        ServiceProperties.jar(HOME, module).toString(),
                        "--server.port=0",
                        "--" + typo + "=1"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment()
                .putAll(Map.of(
                        "TAILRACE_MISSPELT", "1",
                        "TAILRACE_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
                        "TAILRACE_WORKER_SLOTS", "2",
                        "TAILRACE_WORKER_RECIPES_DIR", "recipes",
                        "TAILRACE_WORKER_PROVIDERS_FILE", "providers.yaml",
                        "TAILRACE_GATEWAY_ADHOC_PHASES", "false",
                        "TAILRACE_COORDINATOR_STATE_DIR", "state",
                        "TAILRACE_INSTANCE", "one",
                        "TAILRACE_HOME", "/nowhere"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        String said = Files.readString(out);
        assertThat(process.exitValue()).as(said).isEqualTo(1);
        assertThat(said)
                .contains("TAILRACE_KAFKA_BOOTSTRAP_SERVERS is called spring.kafka.bootstrap-servers now")
                .contains(typo + " is unknown. The nearest known name is " + meant + " (environment: ");
        assertThat(UNKNOWN.matcher(said).results().map(it -> it.group(1))).containsOnly("TAILRACE_MISSPELT", typo);
        assertThat(said).doesNotContain("READY");
    }
}
