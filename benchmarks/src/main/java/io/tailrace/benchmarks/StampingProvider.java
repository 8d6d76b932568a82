package io.tailrace.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * A server that speaks the format of OpenAI's chat completions, and says nothing but the time: each token is the
 * {@link System#nanoTime} at which it was written. The user's message says how many tokens and how many milliseconds
 * apart.
 */
final class StampingProvider implements AutoCloseable {
    private final HttpServer server;

    StampingProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        server.createContext("/v1/chat/completions", StampingProvider::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** What a turn has to ask for so many tokens. */
    static String question(int tokens, int paceMillis) {
        return "tokens=" + tokens + ",pace=" + paceMillis + ";";
    }

    /** The providers file of a worker that asks this server. */
    String providersFile() {
        return """
                providers:
                  - id: stamping
                    family: openai
                    base_url: http://127.0.0.1:%d/v1
                    default_model: clock
                    models:
                      - id: clock
                        context_window_tokens: 100000
                        max_output_tokens: 50000
                        capabilities: [streaming]
                """.formatted(server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int tokens = number(asked, "tokens=");
            int pace = number(asked, "pace=");
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            for (int i = 0; i < tokens; i++) {
                Thread.sleep(i == 0 ? 0 : pace);
                chunk(out, "{\"content\":\"" + System.nanoTime() + " \"}", "null");
            }
            chunk(out, "{}", "\"stop\"");
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void chunk(OutputStream out, String delta, String finish) throws IOException {
        String json = "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"clock\","
                + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}";
        out.write(("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static int number(String asked, String name) {
        int from = asked.lastIndexOf(name) + name.length();
        int to = from;
        while (Character.isDigit(asked.charAt(to))) {
            to++;
        }
        return Integer.parseInt(asked.substring(from, to));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
