package io.tailrace.builds.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.builds.testing.Packed;
import io.tailrace.builds.testing.RecordedLog;
import io.tailrace.events.plan.PythonEnvironmentDefinition;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.stage.BuildFact.BuildCompleted;
import io.tailrace.events.stage.BuildFact.BuildCreated;
import io.tailrace.events.stage.BuildFact.BuildReason;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopSignal;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of the process that builds an environment, in each of its phases. */
@Timeout(180)
class EnvironmentWorkerKilledTest {

    @TempDir
    private Path data;

    @Test
    void noPhaseLeavesAnEnvironmentThatAnybodyUsesAndTheNextWorkerBuildsIt() throws Exception {
        for (String phase : PythonEnvironmentDefinition.PHASES) {
            killIn(phase);

            assertThat(published()).as("killed in " + phase).isEmpty();
        }

        Packed archive = Packed.zip(EnvironmentWorker.DEMO.resolve("configuration"), "configuration");
        try (EnvironmentWorker next = new EnvironmentWorker(data, List.of(archive))) {
            RecordedLog log = new RecordedLog();
            Process builder = startAndAwait("create_venv");
            CompletableFuture<Void> waiting;
            try {
                signal(builder, "-STOP");
                waiting = CompletableFuture.runAsync(
                                () -> build(next, archive, log),
                                task -> Thread.ofPlatform().daemon().start(task))
                        .orTimeout(60, TimeUnit.SECONDS);
                await().during(Duration.ofMillis(500))
                        .untilAsserted(() -> assertThat(log.facts()).isEmpty());
            } finally {
                builder.destroyForcibly().waitFor();
            }
            waiting.join();

            assertThat(log.all(BuildCreated.class).getFirst().reason()).isEqualTo(BuildReason.DIRTY_OR_MISSING);
            assertThat(log.all(BuildCompleted.class).getFirst().status()).isEqualTo(Outcome.SUCCEEDED);
        }
        assertThat(published()).hasSize(1);
        assertThat(places()).as("every worker built the same environment").hasSize(1);
        try (Stream<Path> left = Files.list(published().getFirst().getParent())) {
            assertThat(left.filter(Files::isDirectory)).hasSize(1);
        }
    }

    private static void build(EnvironmentWorker worker, Packed archive, RecordedLog log) {
        try {
            worker.build("demo", Optional.of(archive.ref()), false, log, new StopSignal());
        } catch (AttemptLost e) {
            throw new CompletionException(e);
        }
    }

    private static void signal(Process process, String signal) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private void killIn(String phase) throws IOException, InterruptedException {
        startAndAwait(phase).destroyForcibly().waitFor();
    }

    private Process startAndAwait(String phase) throws IOException {
        Process worker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EnvironmentWorker.class.getName(),
                        data.toString())
                .redirectError(Redirect.INHERIT)
                .start();
        BufferedReader said = worker.inputReader();
        String line = said.readLine();
        while (line != null && !line.equals(phase)) {
            line = said.readLine();
        }
        assertThat(line).isEqualTo(phase);
        return worker;
    }

    private List<Path> places() throws IOException {
        try (Stream<Path> entries = Files.list(data.resolve("environments"))) {
            return entries.filter(entry -> !entry.endsWith("locks")).toList();
        }
    }

    private List<Path> published() throws IOException {
        try (Stream<Path> pointers =
                Files.find(data.resolve("environments"), 2, (path, _) -> path.endsWith("current"))) {
            return pointers.toList();
        }
    }
}
