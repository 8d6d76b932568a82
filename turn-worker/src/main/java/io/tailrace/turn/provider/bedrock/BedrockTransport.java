package io.tailrace.turn.provider.bedrock;

import io.tailrace.turn.provider.http.ProviderHttp;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.reactivestreams.FlowAdapters;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/**
 * The SDK's HTTP client: sends through ours. A request whose future is canceled is closed, also while its answer has not begun; within an
 * answer it is closed by canceling its subscription. Safe from any thread.
 */
final class BedrockTransport implements SdkAsyncHttpClient {

    private final ProviderHttp http;

    BedrockTransport(ProviderHttp http) {
        this.http = http;
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest execution) {
        SdkAsyncHttpResponseHandler handler = execution.responseHandler();
        HttpClient client = http.client();
        CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> answer =
                client.sendAsync(converted(execution), HttpResponse.BodyHandlers.ofPublisher());
        CompletableFuture<Void> executed = new CompletableFuture<>();
        var _ = executed.whenComplete((_, error) -> {
            if (error != null) {
                answer.cancel(true);
            }
        });
        var _ = answer.whenComplete((response, error) -> {
            if (error != null) {
                Throwable cause =
                        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
                handler.onError(cause);
                executed.completeExceptionally(cause);
                return;
            }
            handler.onHeaders(SdkHttpResponse.builder()
                    .statusCode(response.statusCode())
                    .headers(response.headers().map())
                    .build());
            handler.onStream(SdkPublisher.adapt(FlowAdapters.toPublisher(response.body()))
                    .flatMapIterable(buffers -> buffers)
                    .doAfterOnError(executed::completeExceptionally)
                    .doAfterOnComplete(() -> executed.complete(null)));
        });
        return executed;
    }

    private static HttpRequest converted(AsyncExecuteRequest execution) {
        SdkHttpRequest request = execution.request();
        Flow.Publisher<ByteBuffer> body = FlowAdapters.toFlowPublisher(execution.requestContentPublisher());
        HttpRequest.BodyPublisher publisher = execution
                .requestContentPublisher()
                .contentLength()
                .map(length -> HttpRequest.BodyPublishers.fromPublisher(body, length))
                .orElseGet(() -> HttpRequest.BodyPublishers.fromPublisher(body));
        HttpRequest.Builder converted =
                HttpRequest.newBuilder(request.getUri()).method(request.method().name(), publisher);
        request.headers()
                .forEach((name, values) -> values.forEach(value -> ProviderHttp.addHeader(converted, name, value)));
        return converted.build();
    }

    @Override
    public String clientName() {
        return "Java";
    }

    @Override
    public void close() {
        // The client is everybody's.
    }
}
