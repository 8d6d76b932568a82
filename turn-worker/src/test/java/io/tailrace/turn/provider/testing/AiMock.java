package io.tailrace.turn.provider.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * The mock server of {@code src/test/aimock}, one process for all tests of a JVM; it ends with the JVM, whose end closes its standard
 * input. Installed below {@code target} when it is not there.
 */
public final class AiMock {

    private static final Path SOURCE = Path.of("src", "test", "aimock");
    private static final Path INSTALLED = Path.of("target", "aimock");
    private static final List<String> FILES =
            List.of("package.json", "package-lock.json", ".npmrc", "server.mjs", "fixtures.json");
    private static final long INSTALL_SECONDS = 120;

    private static final Pattern VERSION = Pattern.compile("v([0-9]{1,4})\\.([0-9]{1,4})");

    private static Optional<URI> running = Optional.empty();

    private AiMock() {}

    /** Where it is; starts it if need be. Without Node the test does not run, and says so. */
    public static synchronized URI url() throws IOException, InterruptedException {
        if (running.isEmpty()) {
            if (!isThere("npm") || !isThere("node") || !isNewEnough()) {
                String notRun = "NOT RUN: the providers' wire tests need Node 20.15 or newer and npm on the PATH.";
                System.err.println(notRun);
                Assumptions.abort(notRun);
            }
            install();
            running = Optional.of(start());
        }
        return running.get();
    }

    private static boolean isThere(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(path)
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static boolean isNewEnough() throws IOException {
        Process node = new ProcessBuilder("node", "--version").start();
        Matcher version = VERSION.matcher(
                Optional.ofNullable(node.inputReader(StandardCharsets.UTF_8).readLine())
                        .orElse(""));
        if (!version.lookingAt()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        return major > 20 || (major == 20 && Integer.parseInt(version.group(2)) >= 15);
    }

    private static void install() throws IOException, InterruptedException {
        Files.createDirectories(INSTALLED);
        Path lock = INSTALLED.resolve("package-lock.json");
        boolean current = Files.exists(INSTALLED.resolve("node_modules/.package-lock.json"))
                && Files.exists(lock)
                && Files.mismatch(lock, SOURCE.resolve("package-lock.json")) < 0;
        for (String file : FILES) {
            Files.copy(SOURCE.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (current) {
            return;
        }
        Path log = INSTALLED.resolve("install.log");
        Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts")
                .directory(INSTALLED.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!npm.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
            npm.destroyForcibly();
            throw new IOException("npm ci took more than " + INSTALL_SECONDS + " s: " + Files.readString(log));
        }
        if (npm.exitValue() != 0) {
            throw new IOException("npm ci failed: " + Files.readString(log));
        }
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
