package io.tailrace.turn.tool.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** Answers as a server of the protocol does, except as the tools' names say. */
    private void speak(HttpExchange exchange) throws IOException {
        JsonNode message = new ObjectMapper().readTree(exchange.getRequestBody());
        String method = message.path("method").asText();
        asked.add(method);
        String tool = message.path("params").path("name").asText();
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.getResponseHeaders().add("Mcp-Session-Id", "s-1");
        int status = message.path("id").isMissingNode()
                ? 202
                : switch (tool) {
                    case "busy" -> 429;
                    case "gone" -> 404;
                    default -> 200;
                };
        String result = switch (method) {
            case "initialize" ->
                "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},\"serverInfo\":"
                        + "{\"name\":\"odd\",\"version\":\"1\"}}";
            case "tools/list" ->
                Stream.of("busy", "gone", "large", "echo")
                        .map(it -> "{\"name\":\"" + it + "\",\"inputSchema\":{\"type\":\"object\"}}")
                        .collect(Collectors.joining(",", "{\"tools\":[", "]}"));
            default ->
                "{\"content\":[{\"type\":\"text\",\"text\":\""
                        + (tool.equals("large") ? "x".repeat(5_000_000) : "here")
                        + "\"}]}";
        };
        byte[] body = status == 200
                ? ("{\"jsonrpc\":\"2.0\",\"id\":" + message.path("id") + ",\"result\":" + result + "}")
                        .getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private long sessions() {
        return asked.stream().filter("initialize"::equals).count();
    }

    @Test
    void aCallThatIsRefusedOrAnsweredTooLongFailsAloneAndALostSessionIsReplaced() throws Exception {
        HttpServer speaking = server(exchange -> {
            if (exchange.getRequestMethod().equals("POST")) {
                speak(exchange);
            } else {
                exchange.sendResponseHeaders(405, -1);
                exchange.close();
            }
        });
        try (Servers servers =
                servers("http://127.0.0.1:" + port(speaking) + "/mcp", Map.of("WEB_TOKEN", "Bearer secret-1"))) {
            assertThat(servers.call("web", "echo", "{}").text()).isEqualTo("here");
            assertThat(servers.call("web", "busy", "{}").code()).contains("server_unavailable");
            assertThat(servers.call("web", "large", "{}").code()).contains("result_too_large");
            assertThat(servers.call("web", "echo", "{}").text()).isEqualTo("here");
            assertThat(sessions()).isEqualTo(1);

            assertThat(servers.call("web", "gone", "{}").code()).contains("server_unavailable");
            assertThat(servers.call("web", "echo", "{}").text()).isEqualTo("here");
            assertThat(sessions()).isGreaterThan(1);
        } finally {
            speaking.stop(0);
        }
    }

    @Test
    void aTokenIsHiddenWithAndWithoutItsScheme() {
        SecretValues mask = new SecretValues(List.of("A"), Map.of("A", "Bearer secret\"1"));

        assertThat(mask.apply("Bearer secret\"1, secret\"1, {\"a\":\"secret\\\"1\"}"))
                .isEqualTo("***, ***, {\"a\":\"***\"}");
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
