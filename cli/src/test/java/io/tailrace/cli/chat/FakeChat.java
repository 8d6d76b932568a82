package io.tailrace.cli.chat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** A gateway with one chat: turns are answered as a test says, and streams resume from the last event id. */
final class FakeChat implements AutoCloseable {
    static final String RUN = "r-chat";

    private final HttpServer server;
    private final List<String> frames = new ArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final BiConsumer<FakeChat, Turn> model;
    private String messages = "{\"turns\":[],\"next_after\":null,\"cursor\":null}";
    private int turns;
    private int cutAfter = Integer.MAX_VALUE;
    private boolean rejecting;
    private volatile boolean closed;

    /** A turn that was submitted: {@code number} is from 1. */
    record Turn(int number, String body) {
        String id() {
            return "turn-" + number;
        }

        String stage() {
            return RUN + "." + number;
        }
    }

    FakeChat(BiConsumer<FakeChat, Turn> model) throws IOException {
        this.model = model;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(command -> Thread.ofVirtual().start(command));
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    synchronized void messages(String json) {
        messages = json;
    }

    /** The connection of the stream is cut once, when so many frames are out. */
    synchronized void cutAfter(int count) {
        cutAfter = count;
    }

    /** The connection of the stream is cut once, now. */
    synchronized void cutNow() {
        cutAfter = frames.size();
        notifyAll();
    }

    synchronized void reject() {
        rejecting = true;
    }

    /** Appends an event; quotes are single ones. */
    synchronized void event(Turn turn, String type, int attempt, String payload) {
        int sequence = frames.size() + 1;
        String data = ("{'sequence':" + sequence + ",'type':'" + type + "','run_id':'" + RUN + "','stage_id':'"
                        + turn.stage() + "','attempt':" + attempt + ",'payload':" + payload + "}")
                .replace('\'', '"');
        frames.add("event: " + type + "\ndata: " + data + "\nid: " + sequence + "\n\n");
        notifyAll();
    }

    /** The usual way of a turn up to its first delta. */
    void begin(Turn turn, String text) {
        event(turn, "stage.requested", 1, "{'turn_id':'" + turn.id() + "'}");
        event(turn, "attempt.started", 1, "{}");
        event(turn, "turn.started", 1, "{'turn_id':'" + turn.id() + "','text':'" + text + "'}");
    }

    void delta(Turn turn, int attempt, String text) {
        event(turn, "model.delta", attempt, "{'kind':'text','text':'" + text + "'}");
    }

    void complete(Turn turn, int attempt, String text) {
        event(
                turn,
                "turn.completed",
                attempt,
                "{'content':{'turn_id':'" + turn.id() + "','message':{'text':'" + text
                        + "'},'usage':{'total_tokens':7},'duration_ms':12}}");
        finish(turn, attempt, "succeeded");
    }

    void finish(Turn turn, int attempt, String outcome) {
        event(turn, "stage.finished", attempt, "{'outcome':'" + outcome + "'}");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(request + (body.isEmpty() ? "" : " " + body));
        if (request.contains("/stream")) {
            stream(exchange);
        } else if (request.contains("/messages")) {
            reply(exchange, 200, messages);
        } else if (request.endsWith("/cancel")) {
            reply(exchange, 202, "{}");
            canceled(new Turn(turns, ""));
        } else if (request.endsWith("/turns")) {
            submitted(exchange, body);
        } else {
            reply(exchange, 201, "{\"run_id\":\"" + RUN + "\"}");
        }
    }

    private void submitted(HttpExchange exchange, String body) throws IOException {
        Turn turn;
        synchronized (this) {
            if (rejecting) {
                reply(
                        exchange,
                        409,
                        "{\"detail\":\"Another turn is being answered\",\"code\":\"turn_active\",\"turn_id\":\"t\"}");
                return;
            }
            turn = new Turn(++turns, body);
        }
        // What happens may be seen before the answer is.
        model.accept(this, turn);
        reply(exchange, 201, "{\"turn_id\":\"" + turn.id() + "\"}");
    }

    private void canceled(Turn turn) {
        event(
                turn,
                "turn.failed",
                1,
                "{'content':{'turn_id':'" + turn.id() + "','message':{'text':''}},'failure':{'code':'canceled'}}");
        finish(turn, 1, "canceled");
    }

    private static void reply(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void stream(HttpExchange exchange) throws IOException {
        String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        int next = last == null ? 0 : Integer.parseInt(last);
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.write(("retry: 10\nevent: stream.open\ndata: {}\nid: " + next + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        try {
            while (!closed) {
                String frame;
                synchronized (this) {
                    if (next == cutAfter) {
                        cutAfter = Integer.MAX_VALUE;
                        break;
                    }
                    if (next == frames.size()) {
                        wait(20);
                        continue;
                    }
                    frame = frames.get(next);
                }
                out.write(frame.getBytes(StandardCharsets.UTF_8));
                out.flush();
                next++;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        server.stop(0);
    }
}
