package io.tailrace.systemtests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A server on the loopback interface that tools fetch from; it remembers who came. Safe from any thread. */
final class ToolServer {
    private final HttpServer server;
    private final List<Visit> visits = new CopyOnWriteArrayList<>();

    /** @param key its {@code Idempotency-Key}, or nothing */
    record Visit(String path, String key) {}

    private ToolServer(HttpServer server) {
        this.server = server;
    }

    static ToolServer start() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ToolServer tools = new ToolServer(http);
        http.createContext("/", tools::answer);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
        return tools;
    }

    /** Its name and port, as operators and authors allow it. */
    String host() {
        return "localhost:" + server.getAddress().getPort();
    }

    /**
     * What answers with the last part of its path.
     *
     * @param millis how long it takes
     */
    String url(String mark, int millis, String answer) {
        return "http://" + host() + "/" + mark + "/" + millis + "/" + answer;
    }

    /** Who came with this mark. */
    List<Visit> visits(String mark) {
        return visits.stream()
                .filter(it -> it.path().startsWith("/" + mark + "/"))
                .toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        visits.add(new Visit(path, key == null ? "" : key));
        String[] parts = path.split("/", -1);
        try {
            Thread.sleep(Long.parseLong(parts[2]));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        byte[] body = parts[3].getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
