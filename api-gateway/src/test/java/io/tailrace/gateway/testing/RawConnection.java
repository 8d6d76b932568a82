package io.tailrace.gateway.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A connection on which a test sends what bytes it likes, also those that no HTTP client would send, and reads answers
 * strictly: what breaks the framing of HTTP/1.1 is an {@link IOException}. Confined to one thread.
 */
public final class RawConnection implements AutoCloseable {
    private static final int PATIENCE_MS = 40_000;
    private static final int MAX_LINE = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    /** The bytes of the answer that is being read. */
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

    public RawConnection(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** An answer as it came, one character for each byte: {@code wire} is all of it, {@code body} without the framing. */
    public record RawAnswer(int status, Map<String, List<String>> headers, String body, String wire) {
        /** The first header of this name, which is lower-case. */
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name)).map(List::getFirst);
        }

        /** Whether another answer to the same request follows (100 Continue). */
        public boolean isInterim() {
            return status / 100 == 1;
        }

        /** Whether the server says that it ends the connection. */
        public boolean saysClose() {
            return header("connection")
                    .filter(it -> it.equalsIgnoreCase("close"))
                    .isPresent();
        }

        public boolean isStream() {
            return header("content-type")
                    .filter(it -> it.startsWith("text/event-stream"))
                    .isPresent();
        }

        public String text() {
            return new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return wire;
        }
    }

    public RawConnection send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Sends this text, one byte for each character. */
    public RawConnection send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Says that nothing more will come, and goes on reading. */
    public RawConnection endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /**
     * The next answer; interim ones are passed over. Of a stream only what comes first is read.
     *
     * @param headOnly whether it answers a HEAD
     */
    public RawAnswer read(boolean headOnly) throws IOException {
        RawAnswer answer = readAny(headOnly);
        while (answer.isInterim()) {
            answer = readAny(headOnly);
        }
        return answer;
    }

    /** The next answer, which may be an interim one. */
    public RawAnswer readAny(boolean headOnly) throws IOException {
        RawAnswer head = head();
        String body = new String(body(head, headOnly || head.isInterim()), StandardCharsets.ISO_8859_1);
        return new RawAnswer(head.status(), head.headers(), body, wire.toString(StandardCharsets.ISO_8859_1));
    }

    private RawAnswer head() throws IOException {
        wire.reset();
        String first = line();
        if (!first.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
            throw new IOException("no status line: " + first);
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("no header: " + line);
            }
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new RawAnswer(Integer.parseInt(first.substring(9, 12)), headers, "", "");
    }

    private byte[] body(RawAnswer head, boolean headOnly) throws IOException {
        List<String> lengths = head.headers().getOrDefault("content-length", List.of());
        boolean chunked = head.headers().containsKey("transfer-encoding");
        if (lengths.size() > 1 || (chunked && !lengths.isEmpty())) {
            throw new IOException("an answer of two lengths: " + head.headers());
        }
        if (headOnly || head.status() == 204 || head.status() == 304) {
            return new byte[0];
        }
        if (chunked) {
            return chunks(head.isStream());
        }
        if (lengths.isEmpty()) {
            // The end of the connection is that of the answer, which of a stream is long to come.
            return head.isStream() ? first() : rest();
        }
        return exactly(Integer.parseInt(lengths.getFirst()));
    }

    private byte[] chunks(boolean firstOnly) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int length = Integer.parseInt(line(), 16); length > 0; length = Integer.parseInt(line(), 16)) {
            body.write(exactly(length));
            if (!line().isEmpty()) {
                throw new IOException("a chunk that is longer than it says");
            }
            if (firstOnly) {
                return body.toByteArray();
            }
        }
        if (!line().isEmpty()) {
            throw new IOException("no end of the chunks");
        }
        return body.toByteArray();
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        wire.write(bytes);
        if (bytes.length < length) {
            throw new EOFException("cut off after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private byte[] first() throws IOException {
        byte[] bytes = new byte[1024];
        int length = Math.max(0, in.read(bytes));
        wire.write(bytes, 0, length);
        return Arrays.copyOf(bytes, length);
    }

    private byte[] rest() throws IOException {
        byte[] bytes = in.readAllBytes();
        wire.write(bytes);
        return bytes;
    }

    /** A line without its end. */
    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("cut off in a line: " + line.toString(StandardCharsets.ISO_8859_1));
            }
            line.write(next);
            if (line.size() > MAX_LINE) {
                throw new IOException("a line without end");
            }
        }
        wire.write(line.toByteArray());
        wire.write('\n');
        String text = line.toString(StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\r")) {
            throw new IOException("a line that ends with LF alone: " + text);
        }
        return text.substring(0, text.length() - 1);
    }

    /** Whether the server has ended the connection and sent nothing more; waits for the one or the other. */
    public boolean isOver() throws IOException {
        try {
            in.mark(1);
            boolean over = in.read() < 0;
            in.reset();
            return over;
        } catch (java.net.SocketException _) {
            // It had more of ours to read than it wanted.
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
