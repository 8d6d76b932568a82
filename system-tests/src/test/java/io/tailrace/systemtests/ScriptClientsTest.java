package io.tailrace.systemtests;

import io.tailrace.local.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Python's httpx-sse, and curl with a shell, lose their connections and go on as {@code src/test/clients} says. */
@Tag("real-clients")
@Timeout(300)
class ScriptClientsTest {
    private static final long SEED = 2;
    private static final Path SCRIPTS = Path.of("src", "test", "clients");
    private static final Path PYTHON = Path.of("target", "clients-python");

    @TestFactory
    Stream<DynamicTest> receiveEveryEventOnceWhateverIsCut() throws Exception {
        Map<String, StreamClient> clients = new LinkedHashMap<>();
        if (Programs.find("curl").isPresent()) {
            clients.put(
                    "curl",
                    StreamClient.process("sh", SCRIPTS.resolve("follow.sh").toString(), ClientProcess.URL));
        } else {
            System.err.println("NOT RUN: the trial of curl needs curl on the PATH.");
        }
        if (pythonIsThere()) {
            clients.put(
                    "httpx-sse",
                    StreamClient.process(
                            PYTHON.resolve("bin/python").toString(),
                            SCRIPTS.resolve("follow.py").toString(),
                            ClientProcess.URL));
        } else {
            System.err.println("NOT RUN: the trial of httpx-sse needs Python 3 with venv, and what "
                    + "src/test/clients/requirements.txt names.");
        }
        Assumptions.assumeFalse(clients.isEmpty(), "neither curl nor httpx-sse is there");
        return ClientTrial.of(SEED, clients);
    }

    /** Makes it an environment below target/, unless there is one of these packages. */
    private static boolean pythonIsThere() throws IOException, InterruptedException {
        Path asked = SCRIPTS.resolve("requirements.txt");
        Path had = PYTHON.resolve("requirements.txt");
        if (Files.exists(had) && Files.mismatch(asked, had) < 0) {
            return true;
        }
        if (Programs.find("python3").isEmpty()
                || !succeeds("python3", "-m", "venv", "--clear", PYTHON.toString())
                || !succeeds(
                        PYTHON.resolve("bin/pip").toString(),
                        "install",
                        "--quiet",
                        "--disable-pip-version-check",
                        // Where there is no PyPI, its absence is known at once, and not after a minute per package.
                        "--retries=1",
                        "--only-binary=:all:",
                        "--require-hashes",
                        "--requirement",
                        asked.toString())) {
            return false;
        }
        Files.copy(asked, had);
        return true;
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }
}
