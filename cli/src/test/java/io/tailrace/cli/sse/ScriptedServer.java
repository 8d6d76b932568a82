package io.tailrace.cli.sse;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server that answers one request after the other as it was told, and remembers what was asked. */
public final class ScriptedServer implements AutoCloseable {

    /** One answer. With {@code hang} the connection stays open after the body, until the server is closed. */
    public record Answer(int status, Map<String, String> headers, String body, boolean hang) {

        public static Answer stream(String body) {
            return new Answer(200, Map.of("Content-Type", "text/event-stream"), body, false);
        }

        public static Answer of(int status, String body) {
            return new Answer(status, Map.of(), body, false);
        }

        public Answer with(String header, String value) {
            return new Answer(status, Map.of(header, value), body, hang);
        }

        public Answer hanging() {
            return new Answer(status, headers, body, true);
        }
    }

    private final HttpServer server;
    private final Deque<Answer> script;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    public ScriptedServer(Answer... answers) throws IOException {
        this.script = new ArrayDeque<>(List.of(answers));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(command -> Thread.ofVirtual().start(command));
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String cursor = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI()
                + (cursor == null ? "" : " after " + cursor));
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Answer answer = next();
        Headers headers = exchange.getResponseHeaders();
        answer.headers().forEach(headers::add);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 && !answer.hang() ? -1 : 0);
        OutputStream out = exchange.getResponseBody();
        out.write(body);
        out.flush();
        if (!answer.hang()) {
            exchange.close();
        }
    }

    private synchronized Answer next() {
        return script.isEmpty() ? Answer.of(410, "{}") : script.removeFirst();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** {@code GET /path after CURSOR}, in the order in which they came. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    public List<String> bodies() {
        return List.copyOf(bodies);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
