package io.tailrace.turn.tool.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is sent to servers over HTTP, and where to. */
@Timeout(60)
class HttpServerTest {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer elsewhere;
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        elsewhere = server(exchange -> {
            asked.add("elsewhere " + exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(500, -1);
        });
        server = server(exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:" + port(elsewhere) + "/mcp");
            byte[] body = "moved".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(307, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    @AfterEach
    void stop() {
        server.stop(0);
        elsewhere.stop(0);
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private static HttpServer server(Answer answer) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", answer::to);
        server.start();
        return server;
    }

    private static int port(HttpServer server) {
        return server.getAddress().getPort();
    }

    private Servers servers(String url, Map<String, String> environment) throws Exception {
        return Servers.of(
                Mode.AUTO,
                folder,
                Servers.TIMES,
                environment,
                "servers:\n  web:\n    url: " + url
                        + "\n    plain_http: true\n    headers_from_environment: {Authorization: WEB_TOKEN}\n");
    }

    @Test
    void aRedirectIsNotFollowedSoThatATokenGoesNowhereElse() throws Exception {
        try (Servers servers =
                servers("http://127.0.0.1:" + port(server) + "/mcp?a=b", Map.of("WEB_TOKEN", "Bearer secret-1"))) {
            assertThat(servers.call("web", "x", "{}").code()).contains("server_unavailable");
        }

        assertThat(asked).isNotEmpty().allMatch(it -> it.endsWith("/mcp?a=b Bearer secret-1"));
    }

    @Test
    void aTokenThatIsMissingOrNoneIsNamedAndNotShown() throws Exception {
        try (Servers servers = servers("http://127.0.0.1:" + port(server) + "/mcp", Map.of())) {
            assertThat(servers.call("web", "x", "{}").text()).contains("WEB_TOKEN is not set");
        }
        try (Servers servers =
                servers("http://127.0.0.1:" + port(server) + "/mcp", Map.of("WEB_TOKEN", "sécret\r\nX: y"))) {
            assertThat(servers.call("web", "x", "{}").text())
                    .contains("WEB_TOKEN has characters")
                    .doesNotContain("cret");
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void aPublicHostIsNotAskedWithoutEncryption() throws Exception {
        try (Servers servers = servers("http://192.0.1.1/mcp", Map.of("WEB_TOKEN", "secret-1"))) {
            assertThat(servers.call("web", "x", "{}").text()).contains("needs https");
        }
    }

    @Test
    void aServerThatIsNotThereFailsTheCall() throws Exception {
        int port = port(server);
        server.stop(0);
        try (Servers servers = servers("http://127.0.0.1:" + port + "/mcp", Map.of("WEB_TOKEN", "secret-1"))) {
            assertThat(servers.call("web", "x", "{}").code()).contains("server_unavailable");
        }
    }
}
