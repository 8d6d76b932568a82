package io.tailrace.coordinator.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.coordinator.RunCoordinatorApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The coordinator as a process of its own, that can be killed. */
final class CoordinatorProcess implements AutoCloseable {
    private final Process process;
    private final Path log;

    private CoordinatorProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static CoordinatorProcess start(String servers, int partitions, Path folder, String... more) throws IOException {
        Files.createDirectories(folder);
        Path log = Files.createTempFile(folder, "coordinator", ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                System.getProperty("java.class.path"),
                RunCoordinatorApplication.class.getName(),
                "--server.port=0",
                "--spring.kafka.bootstrap-servers=" + servers,
                "--tailrace.kafka.partitions=" + partitions,
                "--tailrace.coordinator.state-dir=" + folder.resolve("state")));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        CoordinatorProcess started = new CoordinatorProcess(process, log);
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    assertThat(process.isAlive()).as(started.log()).isTrue();
                    return started.log().contains("READY run-coordinator");
                });
        return started;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Once it is no longer alive. */
    int exitCode() {
        return process.exitValue();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** As kill -9 does it. Returns when the process is gone. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** As an orderly stop does it. Returns when the process is gone. */
    @Override
    public void close() {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end: " + log());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
