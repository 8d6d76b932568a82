package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.testing.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;

/**
 * A headless Chromium with one window, driven by the dozen calls of W3C WebDriver that the tests need (a client library
 * would bring some forty artifacts for them). Its profile is new (the driver makes and removes it), and it ends with
 * {@link #close}. Confined to one thread.
 */
final class Chromium implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern PORT = Pattern.compile("on port (\\d+)");
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,900");

    private final Process driver;
    private final URI session;

    private Chromium(Process driver, URI session) {
        this.driver = driver;
        this.session = session;
    }

    /** Starts one; where there is none, the tests of the class are skipped, and it is said aloud. */
    static Chromium start() throws IOException {
        Optional<Path> browser = Programs.find("chromium", "chromium-browser", "google-chrome");
        Optional<Path> driver = Programs.find("chromedriver");
        if (browser.isEmpty() || driver.isEmpty()) {
            String message = "THE TESTS OF THE RUN PAGE DID NOT RUN: there is no "
                    + (browser.isEmpty() ? "chromium" : "chromedriver")
                    + " on the PATH (Debian: apt-get install chromium chromium-driver; .ci/run does so)";
            System.err.println(message);
            Assumptions.abort(message);
        }
        Process process = new ProcessBuilder(driver.orElseThrow().toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        URI base = URI.create("http://127.0.0.1:" + port(process));
        Map<String, Object> options = Map.of("binary", browser.orElseThrow().toString(), "args", FLAGS);
        Map<String, Object> wanted = Map.of(
                "browserName", "chrome", "goog:chromeOptions", options, "goog:loggingPrefs", Map.of("browser", "ALL"));
        try {
            JsonNode made =
                    call("POST", base.resolve("/session"), Map.of("capabilities", Map.of("alwaysMatch", wanted)));
            return new Chromium(
                    process, base.resolve("/session/" + made.get("sessionId").asString()));
        } catch (RuntimeException | AssertionError e) {
            end(process);
            throw e;
        }
    }

    private static int port(Process driver) throws IOException {
        BufferedReader out = driver.inputReader();
        StringBuilder said = new StringBuilder();
        @Nullable String line;
        while ((line = out.readLine()) != null) {
            Matcher port = PORT.matcher(line);
            if (line.contains("started successfully") && port.find()) {
                Thread.ofVirtual().start(() -> out.lines().forEach(it -> {}));
                return Integer.parseInt(port.group(1));
            }
            said.append(line).append('\n');
        }
        throw new IllegalStateException("chromedriver ended: " + said);
    }

    /** Goes to an address; returns when the page is loaded. */
    void open(URI address) {
        command("/url", Map.of("url", address.toString()));
    }

    String address() {
        return get("/url").asString();
    }

    String title() {
        return get("/title").asString();
    }

    /** The value of the body of a function in JavaScript; promises are waited for. */
    JsonNode run(String body, Object... arguments) {
        return command("/execute/sync", Map.of("script", body, "args", List.of(arguments)));
    }

    /** Clicks as a person does: fails where the element cannot be reached. */
    void click(String selector) {
        JsonNode element = command("/element", Map.of("using", "css selector", "value", selector));
        command("/element/" + element.iterator().next().asString() + "/click", Map.of());
    }

    /** What a person sees of the first such element; empty where it is hidden. */
    String text(String selector) {
        return run("""
                const it = document.querySelector(arguments[0]);
                return it.checkVisibility() ? it.innerText : "";""", selector).asString();
    }

    /** The texts of all such elements, seen or not. */
    List<String> texts(String selector) {
        return run("return [...document.querySelectorAll(arguments[0])].map(it => it.textContent)", selector)
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    void await(String what, ThrowingRunnable assertion) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(assertion);
    }

    void awaitText(String selector, String expected) {
        await(selector, () -> assertThat(text(selector)).contains(expected));
    }

    /** What the browser complains of since the last time; failed connections, which tests bring about, left out. */
    List<String> complaints() {
        return command("/se/log", Map.of("type", "browser"))
                .valueStream()
                .filter(it -> !it.get("source").asString().equals("network"))
                .map(it -> it.get("message").asString())
                .toList();
    }

    /** A picture of the window, below target/. */
    void screenshot(String name) throws IOException {
        Path file = Path.of("target", "run-page", name + ".png");
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(get("/screenshot").asString()));
    }

    private JsonNode get(String path) {
        return call("GET", URI.create(session + path), Map.of());
    }

    private JsonNode command(String path, Map<String, ?> body) {
        return call("POST", URI.create(session + path), body);
    }

    private static JsonNode call(String method, URI uri, Map<String, ?> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
        request.method(
                method,
                method.equals("POST")
                        ? BodyPublishers.ofString(Gateway.JSON.writeValueAsString(body))
                        : BodyPublishers.noBody());
        HttpResponse<String> response = Gateway.send(request.build());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Gateway.JSON.readTree(response.body()).get("value");
    }

    @Override
    public void close() {
        try {
            call("DELETE", session, Map.of());
        } finally {
            end(driver);
        }
    }

    private static void end(Process driver) {
        List<ProcessHandle> browsers = driver.descendants().toList();
        driver.destroy();
        try {
            if (!driver.waitFor(5, TimeUnit.SECONDS)) {
                driver.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        browsers.forEach(ProcessHandle::destroyForcibly);
    }
}
