package io.tailrace.turn.provider.openai;

import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import io.tailrace.turn.provider.call.Exchange;
import io.tailrace.turn.provider.http.ProviderHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The SDK's HTTP client for one call: sends through ours, so that the call can be closed at any moment. */
final class OpenAiTransport implements HttpClient {

    private final ProviderHttp http;
    private final Exchange exchange;
    private final boolean authorized;

    /**
     * The client for one call.
     *
     * @param authorized whether the request may have a credential
     */
    OpenAiTransport(ProviderHttp http, Exchange exchange, boolean authorized) {
        this.http = http;
        this.exchange = exchange;
        this.authorized = authorized;
    }

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
        try (HttpRequestBody body = request.body()) {
            return new Answer(http.send(converted(request, body), exchange));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private java.net.http.HttpRequest converted(HttpRequest request, HttpRequestBody body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        body.writeTo(bytes);
        Map<String, List<String>> headers = new LinkedHashMap<>();
        request.headers()
                .names()
                .forEach(name -> headers.put(name, request.headers().values(name)));
        if (!authorized) {
            headers.keySet().removeIf("Authorization"::equalsIgnoreCase);
        }
        return ProviderHttp.request(
                request.url(), request.method().name(), headers, body.contentType(), bytes.toByteArray());
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
        throw new UnsupportedOperationException("calls are made on the thread that runs them");
    }

    @Override
    public void close() {
        // The exchange is closed by its call, and the client is everybody's.
    }

    private record Answer(java.net.http.HttpResponse<InputStream> response) implements HttpResponse {

        @Override
        public int statusCode() {
            return response.statusCode();
        }

        @Override
        public Headers headers() {
            Headers.Builder headers = Headers.builder();
            response.headers().map().forEach(headers::put);
            return headers.build();
        }

        @Override
        public InputStream body() {
            return response.body();
        }

        @Override
        public void close() {
            try {
                response.body().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
