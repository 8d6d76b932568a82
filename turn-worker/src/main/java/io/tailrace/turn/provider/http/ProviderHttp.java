package io.tailrace.turn.provider.http;

import io.tailrace.turn.provider.call.Exchange;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client of all adapters. The SDKs' own ones do not let go of a request whose answer has not begun; this one's exchanges can be
 * closed at any moment, and every byte that {@link #send} brings counts as a sign of life. HTTP/1.1, so that an exchange that is closed
 * is a connection that is closed. Follows no redirects: they would carry credentials elsewhere. Safe from any thread.
 */
public final class ProviderHttp implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** What is read of the body of a refusal. */
    private static final int MAX_REFUSAL_BYTES = 64 * 1024;

    /** Headers that the client sets itself, and does not let anybody else set. */
    private static final Set<String> OWN_HEADERS = Set.of("connection", "content-length", "expect", "host", "upgrade");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * A request as an SDK wants it.
     *
     * @param headers by name; those that the client sets itself are left out
     * @param contentType of the body, for requests whose headers do not say it
     */
    public static HttpRequest request(
            String url,
            String method,
            Map<String, ? extends Collection<String>> headers,
            @Nullable String contentType,
            byte[] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url)).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach((name, values) -> values.forEach(value -> addHeader(request, name, value)));
        if (contentType != null && headers.keySet().stream().noneMatch("Content-Type"::equalsIgnoreCase)) {
            request.header("Content-Type", contentType);
        }
        return request.build();
    }

    /** Gives a request a header, unless it is one of those that the client sets itself. */
    public static void addHeader(HttpRequest.Builder request, String name, String value) {
        if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            request.header(name, value);
        }
    }

    /** For what needs to be asynchronous. */
    public HttpClient client() {
        return client;
    }

    /**
     * Sends a request and waits for the head of the answer. From now on the exchange is closed by closing this.
     *
     * @return an answer of success, decompressed; its body must be read or closed
     * @throws ProviderSaid when the provider refuses
     * @throws IOException when there is no answer, or the exchange was closed meanwhile
     */
    public HttpResponse<InputStream> send(HttpRequest request, Exchange exchange) throws IOException {
        CompletableFuture<HttpResponse<InputStream>> answer =
                client.sendAsync(request, BodyAsItComes.watchedBy(exchange));
        exchange.closeWith(() -> answer.cancel(true));
        HttpResponse<InputStream> response = await(answer);
        exchange.closeWith(() -> closeQuietly(response.body()));
        boolean success =
                response.statusCode() / 100 == 2 && response.statusCode() != HttpURLConnection.HTTP_NO_CONTENT;
        if (!success) {
            try (InputStream body = response.body()) {
                throw ProviderSaid.refused(response, body.readNBytes(MAX_REFUSAL_BYTES));
            }
        }
        return response;
    }

    private static HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> answer)
            throws IOException {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (CancellationException e) {
            throw new IOException("the exchange was closed", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    private static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException _) {
            // What was to be closed is closed: nobody reads it any more.
        }
    }

    /** Lets go of everything at once. */
    @Override
    public void close() {
        client.shutdownNow();
    }

    private static final class BodyAsItComes extends FilterInputStream {

        private final Exchange exchange;

        private BodyAsItComes(InputStream body, Exchange exchange) {
            super(body);
            this.exchange = exchange;
        }

        static HttpResponse.BodyHandler<InputStream> watchedBy(Exchange exchange) {
            return head -> HttpResponse.BodySubscribers.mapping(
                    HttpResponse.BodyHandlers.ofInputStream().apply(head),
                    body -> Decompressed.of(
                            head.headers().firstValue("content-encoding"), new BodyAsItComes(body, exchange)));
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            if (value >= 0) {
                exchange.arrived();
            }
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count > 0) {
                exchange.arrived();
            }
            return count;
        }
    }
}
