package io.tailrace.turn.provider.openai;

import com.openai.core.RequestOptions;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/** What the SDK's options want before there is a call; every call has an {@link OpenAiTransport} of its own. */
final class NoTransport implements HttpClient {

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
        throw new UnsupportedOperationException("there is no call");
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
        throw new UnsupportedOperationException("there is no call");
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
