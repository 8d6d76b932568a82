package io.tailrace.turn.provider.testing;

import io.tailrace.local.testing.NodePackages;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * The mock server of {@code src/test/aimock}, one process for all tests of a JVM; it ends with the JVM, whose end closes its standard
 * input. Installed below {@code target} when it is not there.
 */
public final class AiMock {

    private static final Path SOURCE = Path.of("src", "test", "aimock");
    private static final Path INSTALLED = Path.of("target", "aimock");

    private static Optional<URI> running = Optional.empty();

    private AiMock() {}

    /** Where it is; starts it if need be. Without Node the test does not run, and says so. */
    public static synchronized URI url() throws IOException, InterruptedException {
        if (running.isEmpty()) {
            if (!NodePackages.canBeInstalled()) {
                String notRun = "NOT RUN: the providers' wire tests need Node 20.15 or newer and npm on the PATH.";
                System.err.println(notRun);
                Assumptions.abort(notRun);
            }
            NodePackages.install(SOURCE, INSTALLED);
            running = Optional.of(start());
        }
        return running.get();
    }

    private static URI start() throws IOException {
        Process node = new ProcessBuilder("node", "server.mjs")
                .directory(INSTALLED.toFile())
                .redirectError(INSTALLED.resolve("server.log").toFile())
                .start();
        BufferedReader out = node.inputReader(StandardCharsets.UTF_8);
        String url = out.readLine();
        if (url == null) {
            throw new IOException(
                    "the mock server did not start: " + Files.readString(INSTALLED.resolve("server.log")));
        }
        return URI.create(url);
    }
}
