package io.tailrace.cli.sse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A server-sent event stream that is followed over lost connections: every new one starts after the last frame that was
 * handed on ({@code Last-Event-ID}). Blocks its caller; confined to one thread.
 */
public final class ResumingStream {

    /** Frames that the server sends to say that a stream is complete. */
    private static final String END = "stream.end";

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);
    private static final int LINES_AHEAD = 256;

    private final HttpClient client;
    private final URI address;
    private final Duration silence;
    private final Duration patience;
    private final SseParser parser = new SseParser();
    private Optional<String> lastEventId;

    /**
     * A stream that has not been opened.
     *
     * @param lastEventId the cursor to start after; empty for the beginning
     * @param silence a connection on which nothing arrives for so long, not even a comment, is given up
     * @param patience how long connecting may fail before it is given up
     */
    public ResumingStream(
            HttpClient client, URI address, Optional<String> lastEventId, Duration silence, Duration patience) {
        this.client = client;
        this.address = address;
        this.lastEventId = lastEventId;
        this.silence = silence;
        this.patience = patience;
    }

    /** The cursor after the last frame that was handed on. */
    public Optional<String> lastEventId() {
        return lastEventId;
    }

    /**
     * Returns when the stream is complete ({@code stream.end}, or 204 for a finished one), or the reader has had enough.
     *
     * @throws StreamRefused when the server answers that this request will never work
     * @throws IOException when no connection could be made for as long as our patience
     */
    public void follow(FrameReader reader) throws IOException, InterruptedException {
        long unreachableSince = System.nanoTime();
        int failures = 0;
        while (true) {
            Optional<Duration> asked = Optional.empty();
            try {
                Connection connection = connect(reader, patienceLeft(unreachableSince));
                if (connection.complete()) {
                    return;
                }
                asked = connection.retryAfter();
                if (connection.worked()) {
                    unreachableSince = System.nanoTime();
                    failures = 0;
                }
            } catch (IOException lost) {
                reader.disconnected(reason(lost), patienceLeft(unreachableSince));
            }
            if (patienceLeft(unreachableSince).isNegative()) {
                throw new ConnectException("no connection to " + address + " for " + patience.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(asked.orElse(backoff(failures++)).toMillis());
        }
    }

    private Duration patienceLeft(long unreachableSince) {
        return patience.minusNanos(System.nanoTime() - unreachableSince);
    }

    private static String reason(IOException lost) {
        if (lost instanceof ConnectException && lost.getMessage() == null) {
            return "nobody answers there";
        }
        return lost.getMessage() == null ? lost.getClass().getSimpleName() : lost.getMessage();
    }

    private Duration backoff(int failures) {
        Duration usual = parser.retry().orElse(FIRST_RETRY);
        Duration longer = usual.multipliedBy(1L << Math.min(failures, 4));
        return longer.compareTo(LONGEST_RETRY) > 0 && usual.compareTo(LONGEST_RETRY) < 0 ? LONGEST_RETRY : longer;
    }

    /** How one connection ended. */
    private record Connection(boolean complete, boolean worked, Optional<Duration> retryAfter) {
        static final Connection COMPLETE = new Connection(true, true, Optional.empty());
        static final Connection LOST = new Connection(false, true, Optional.empty());
    }

    private Connection connect(FrameReader reader, Duration patienceLeft) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).header("Accept", "text/event-stream");
        lastEventId.ifPresent(id -> request.header("Last-Event-ID", id));
        HttpResponse<InputStream> response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            int status = response.statusCode();
            if (status == 200) {
                reader.connected();
                return read(body, reader);
            }
            if (status == 204) {
                return Connection.COMPLETE;
            }
            if (status == 429 || status >= 500) {
                reader.disconnected("the gateway answered " + status, patienceLeft);
                return new Connection(false, false, retryAfter(response));
            }
            throw new StreamRefused(status, new String(body.readNBytes(64 * 1024), StandardCharsets.UTF_8));
        }
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("[0-9]{1,4}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    }

    /** Either a line, or the end of the connection. */
    private record Arrival(Optional<String> line, String reason) {}

    private Connection read(InputStream body, FrameReader reader) throws InterruptedException {
        parser.reset();
        BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>(LINES_AHEAD);
        Thread source = Thread.ofVirtual().name("sse-lines").start(() -> pump(body, arrivals));
        try {
            while (true) {
                Arrival arrival = arrivals.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
                if (arrival == null) {
                    reader.disconnected("nothing was heard for " + silence.toSeconds() + " s", patience);
                    return Connection.LOST;
                }
                if (arrival.line().isEmpty()) {
                    reader.disconnected(arrival.reason(), patience);
                    return Connection.LOST;
                }
                Optional<SseFrame> frame = parser.line(arrival.line().get());
                if (frame.isPresent()) {
                    FrameReader.Next next = hand(frame.get(), reader);
                    if (frame.get().event().equals(END) || next == FrameReader.Next.STOP) {
                        return Connection.COMPLETE;
                    }
                    if (next == FrameReader.Next.CUT) {
                        reader.disconnected("cut on purpose", patience);
                        return Connection.LOST;
                    }
                }
            }
        } finally {
            source.interrupt();
        }
    }

    private FrameReader.Next hand(SseFrame frame, FrameReader reader) {
        FrameReader.Next next = reader.frame(frame);
        if (frame.id().isPresent()) {
            lastEventId = frame.id();
        }
        return next;
    }

    private static void pump(InputStream body, BlockingQueue<Arrival> arrivals) {
        try {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    arrivals.put(new Arrival(Optional.of(line), ""));
                }
                arrivals.put(new Arrival(Optional.empty(), "the connection was closed"));
            } catch (IOException lost) {
                arrivals.put(new Arrival(Optional.empty(), reason(lost)));
            }
        } catch (InterruptedException nobodyReads) {
            Thread.currentThread().interrupt();
        }
    }
}
