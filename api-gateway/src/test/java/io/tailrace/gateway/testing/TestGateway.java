package io.tailrace.gateway.testing;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.gateway.GatewayApplication;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** A gateway in this JVM, on a port of its own. */
public final class TestGateway implements AutoCloseable {
    /** What all tests that share a broker use. */
    public static final int PARTITIONS = KafkaLogUnderTest.PARTITIONS;

    /** How long a request may take, on any machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final ConfigurableApplicationContext context;
    private final int port;

    private TestGateway(ConfigurableApplicationContext context) {
        this.context = context;
        this.port = Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer())
                .getPort();
    }

    /** A gateway on the shared broker, ready. */
    public static TestGateway start(String... properties) {
        TestGateway gateway = startOn(TestKafka.shared().bootstrapServers(), properties);
        gateway.awaitReady();
        DecidedLog.shared();
        return gateway;
    }

    /** A gateway for this broker, as it comes: perhaps not ready yet. */
    public static TestGateway startOn(String bootstrapServers, String... properties) {
        return startOn(bootstrapServers, new Class<?>[] {GatewayApplication.class}, properties);
    }

    /** A gateway on the shared broker, ready, with beans of a test's own. */
    public static TestGateway startWith(Class<?> configuration) {
        TestGateway gateway = startOn(
                TestKafka.shared().bootstrapServers(), new Class<?>[] {GatewayApplication.class, configuration});
        gateway.awaitReady();
        return gateway;
    }

    private static TestGateway startOn(String bootstrapServers, Class<?>[] sources, String... properties) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--logging.level.root=error",
                "--logging.level.org.apache.kafka=error",
                "--spring.kafka.bootstrap-servers=" + bootstrapServers,
                "--tailrace.gateway.recipes-dir=" + recipes()));
        for (String property : properties) {
            arguments.add("--" + property);
        }
        SpringApplication application = new SpringApplication(sources);
        application.setRegisterShutdownHook(false);
        return new TestGateway(application.run(arguments.toArray(new String[0])));
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    /** How many streams it says are open. */
    public double watchers() {
        return context.getBean(MeterRegistry.class)
                .get("tailrace.gateway.watchers")
                .gauge()
                .value();
    }

    public int port() {
        return port;
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public void awaitReady() {
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> get("/health/ready").status() == 200);
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    /** A POST of JSON. */
    public Answer post(String path, String json, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Content-Type", "application/json"));
        return send("POST", path, json, all.toArray(new String[0]));
    }

    /** A PUT of any bytes. */
    public Answer put(String path, byte[] body, String... headers) {
        return send("PUT", path, HttpRequest.BodyPublishers.ofByteArray(body), headers);
    }

    /** What a GET downloads. */
    public byte[] bytes(String path) throws IOException {
        try (InputStream in = uri(path).toURL().openStream()) {
            return in.readAllBytes();
        }
    }

    /** Any request; headers are pairs of name and value. */
    public Answer send(String method, String path, String body, String... headers) {
        return send(
                method,
                path,
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body),
                headers);
    }

    private Answer send(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).method(method, body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    new LinkedHashMap<>(response.headers().map()),
                    response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Bytes as they are, for requests that no HTTP client would send. The connection is closed after the answer. */
    public Answer raw(String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return parse(read(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
            int end = text.indexOf("\r\n\r\n");
            if (end > 0) {
                int length = contentLength(text.substring(0, end));
                if (length >= 0 && text.length() - end - 4 >= length) {
                    break;
                }
            }
        }
        return text.toString();
    }

    private static int contentLength(String head) {
        return head.lines()
                .filter(it -> it.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                .map(it -> Integer.parseInt(it.substring(15).trim()))
                .findFirst()
                .orElse(-1);
    }

    private static Answer parse(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Answer(0, Map.of(), text);
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        String[] lines = text.substring(0, end).split("\r\n", -1);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(java.util.Locale.ROOT),
                    List.of(lines[i].substring(colon + 1).trim()));
        }
        return new Answer(Integer.parseInt(lines[0].split(" ", -1)[1]), headers, text.substring(end + 4));
    }

    /** A folder with the definitions {@code hello}, {@code broken} and {@code python}. */
    public static Path recipes() {
        return Recipes.FOLDER;
    }

    private static final class Recipes {
        static final Path FOLDER = make();

        private static Path make() {
            try {
                Path folder = Files.createTempDirectory("tailrace-recipes-");
                Path hello = folder.resolve("hello.yaml");
                Path broken = folder.resolve("broken.yaml");
                Files.writeString(hello, """
                        phases:
                          - name: greet
                            title: Say hello
                            argv: [echo, hello]
                        """);
                Files.writeString(broken, "phases: [");
                Path python = folder.resolve("python.yaml");
                Files.writeString(python, """
                        python_env:
                          engine: engine
                          engine_package: engine
                        """);
                for (Path path : List.of(folder, hello, broken, python)) {
                    path.toFile().deleteOnExit();
                }
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
