package io.tailrace.turn.provider.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** Answers every request with the same bytes: for what no well-behaved server does. */
public final class CannedServer implements AutoCloseable {
    private static final long DROP_AFTER_NANOS = 20_000_000;

    private final ServerSocket listener;
    private final UnaryOperator<byte[]> answer;
    private final byte[] drops;
    private final boolean closes;
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Socket> open = new LinkedBlockingQueue<>();

    private CannedServer(UnaryOperator<byte[]> answer, boolean closes) throws IOException {
        this(answer, new byte[0], closes);
    }

    private CannedServer(UnaryOperator<byte[]> answer, byte[] drops, boolean closes) throws IOException {
        this.answer = answer;
        this.drops = drops;
        this.closes = closes;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Sends a complete answer, and closes the connection in order. */
    public static CannedServer answering(String contentType, byte[] body) throws IOException {
        return new CannedServer(_ -> response("200 OK", contentType, body), true);
    }

    /** Sends an answer, and then leaves the connection open. */
    public static CannedServer lingering(String contentType, byte[] body) throws IOException {
        return new CannedServer(_ -> head("200 OK", contentType, "", body), false);
    }

    /** Begins an answer, and then sends these bytes again and again, a little later each time, for as long as it can. */
    public static CannedServer dripping(String contentType, byte[] body, byte[] drops) throws IOException {
        return new CannedServer(_ -> head("200 OK", contentType, "", body), drops, false);
    }

    /** Answers with a status, and a body made from the request. */
    public static CannedServer failing(String status, String headers, UnaryOperator<String> body) throws IOException {
        return new CannedServer(
                request -> {
                    byte[] bytes = body.apply(new String(request, StandardCharsets.UTF_8))
                            .getBytes(StandardCharsets.UTF_8);
                    return head(
                            status, "application/json", headers + "Content-Length: " + bytes.length + "\r\n", bytes);
                },
                true);
    }

    /** Answers with a status and these bytes. */
    public static CannedServer failing(String status, String contentType, byte[] body) throws IOException {
        return new CannedServer(_ -> response(status, contentType, body), true);
    }

    private static byte[] response(String status, String contentType, byte[] body) {
        return head(status, contentType, "Content-Length: " + body.length + "\r\n", body);
    }

    private static byte[] head(String status, String contentType, String headers, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("HTTP/1.1 " + status + "\r\nContent-Type: " + contentType + "\r\n" + headers
                        + "Connection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** The next request, head and body. */
    public String request() throws InterruptedException {
        String request = requests.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    /** Whether there was another request. */
    public boolean hasRequest() {
        return !requests.isEmpty();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // The server was closed.
        }
    }

    private void serve(Socket socket) {
        try {
            byte[] request = readRequest(socket.getInputStream());
            requests.add(new String(request, StandardCharsets.UTF_8));
            socket.getOutputStream().write(answer.apply(request));
            socket.getOutputStream().flush();
            while (drops.length > 0 && !listener.isClosed()) {
                LockSupport.parkNanos(DROP_AFTER_NANOS);
                socket.getOutputStream().write(drops);
                socket.getOutputStream().flush();
            }
            if (closes) {
                socket.close();
            }
        } catch (IOException _) {
            // The client is gone.
        }
    }

    private static byte[] readRequest(InputStream in) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        int body = -1;
        while (body != 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("cut off");
            }
            request.write(next);
            if (body > 0) {
                body--;
            } else if (body < 0 && next == '\n') {
                String head = request.toString(StandardCharsets.ISO_8859_1);
                if (head.endsWith("\r\n\r\n")) {
                    body = contentLength(head);
                }
            }
        }
        return request.toByteArray();
    }

    private static int contentLength(String head) {
        return head.lines()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.startsWith("content-length:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
