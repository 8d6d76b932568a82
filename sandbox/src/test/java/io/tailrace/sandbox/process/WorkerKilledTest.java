package io.tailrace.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** kill -9 of a worker's process. */
@Timeout(180)
@ParameterizedClass
@MethodSource("io.tailrace.sandbox.testing.Confined#modes")
class WorkerKilledTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final Mode mode;

    @TempDir
    private Path folder;

    WorkerKilledTest(Mode mode) {
        this.mode = mode;
    }

    @Test
    void nothingOfItsBuildsOutlivesIt() throws Exception {
        String mark = UUID.randomUUID().toString().replace("-", "");
        Process worker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DoomedWorker.class.getName(),
                        mode.name(),
                        mark,
                        folder.toString())
                .inheritIO()
                .start();
        await().atMost(SOON).until(() -> Files.exists(folder.resolve("started")));
        assertThat(marked(mark)).hasSizeGreaterThanOrEqualTo(2);
        if (mode == Mode.BUBBLEWRAP) {
            // The kernel does it: without the shell that does it otherwise.
            worker.descendants()
                    .filter(process -> process.info().commandLine().orElse("").contains("tailrace-warden"))
                    .forEach(ProcessHandle::destroyForcibly);
        }

        worker.destroyForcibly();

        await().atMost(SOON).untilAsserted(() -> assertThat(marked(mark)).isEmpty());
    }

    private static List<ProcessEntry> marked(String mark) throws IOException {
        return ProcessTable.take().entries().values().stream()
                .filter(entry -> !entry.isZombie())
                .filter(entry -> ProcessTable.environment(entry.pid())
                        .filter(text -> text.contains(mark))
                        .isPresent())
                .toList();
    }
}
