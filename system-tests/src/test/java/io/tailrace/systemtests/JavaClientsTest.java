package io.tailrace.systemtests;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.FaultEvent;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamEvent;
import com.launchdarkly.eventsource.StreamHttpErrorException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Clients of Maven Central lose their connections and go on. */
@Tag("real-clients")
@Timeout(300)
class JavaClientsTest {
    private static final long SEED = 3;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How far a client has come. Written by the client's threads, one after the other. */
    private static final class Place {
        private volatile String id = "";
        private volatile String type = "";
    }

    @TestFactory
    Stream<DynamicTest> receiveEveryEventOnceWhateverIsCut() throws Exception {
        Map<String, StreamClient> clients = new LinkedHashMap<>();
        clients.put("okhttp-eventsource", JavaClientsTest::okHttpEventSource);
        clients.put("okhttp-sse", JavaClientsTest::okHttpSse);
        clients.put("Spring WebClient", JavaClientsTest::webClient);
        return ClientTrial.of(SEED, clients);
    }

    /** Comes again by itself where it is told to go on after errors, also at the 204 after the end, which is one to it. */
    private static void okHttpEventSource(URI stream, Consumer<Received> taken) throws Exception {
        try (EventSource source = new EventSource.Builder(ConnectStrategy.http(stream))
                .errorStrategy(ErrorStrategy.alwaysContinue())
                .build()) {
            source.start();
            for (StreamEvent event : source.anyEvents()) {
                if (event instanceof MessageEvent message) {
                    taken.accept(new Received(
                            message.getEventName(),
                            Objects.requireNonNullElse(message.getLastEventId(), ""),
                            message.getData()));
                    if (message.getEventName().equals("stream.end")) {
                        return;
                    }
                } else if (event instanceof FaultEvent fault && fault.getCause() instanceof StreamHttpErrorException) {
                    throw new IOException(fault.getCause());
                }
            }
        }
    }

    /** Does not come again by itself: whoever calls it does, with the last id, until stream.end. */
    private static void okHttpSse(URI stream, Consumer<Received> taken) throws Exception {
        OkHttpClient http = new OkHttpClient();
        Place last = new Place();
        try {
            while (!last.type.equals("stream.end")) {
                CountDownLatch over = new CountDownLatch(1);
                Request.Builder request = new Request.Builder().url(stream.toString());
                if (!last.id.isEmpty()) {
                    request.header("Last-Event-ID", last.id);
                }
                EventSources.createFactory(http).newEventSource(request.build(), new EventSourceListener() {
                    @Override
                    public void onEvent(
                            okhttp3.sse.EventSource source, @Nullable String id, @Nullable String type, String data) {
                        taken.accept(new Received(
                                Objects.requireNonNullElse(type, "message"), Objects.requireNonNullElse(id, ""), data));
                        last.id = Objects.requireNonNullElse(id, last.id);
                        last.type = Objects.requireNonNullElse(type, "");
                    }

                    @Override
                    public void onClosed(okhttp3.sse.EventSource source) {
                        over.countDown();
                    }

                    @Override
                    public void onFailure(
                            okhttp3.sse.EventSource source, @Nullable Throwable cause, @Nullable Response answer) {
                        if (answer != null) {
                            answer.close();
                        }
                        over.countDown();
                    }
                });
                over.await();
            }
        } finally {
            http.dispatcher().executorService().shutdown();
            http.connectionPool().evictAll();
        }
    }

    /**
     * Does not come again by itself: an end without stream.end is made an error, and errors are tried again with the last
     * id. What has no id is no event: at a clean end it passes on the lines that it has, a lone {@code retry:} too.
     */
    private static void webClient(URI stream, Consumer<Received> taken) {
        WebClient client = WebClient.builder()
                .clientConnector(new JdkClientHttpConnector())
                .build();
        Place last = new Place();
        Flux.defer(() -> client.get()
                        .uri(stream)
                        .headers(it -> {
                            if (!last.id.isEmpty()) {
                                it.set("Last-Event-ID", last.id);
                            }
                        })
                        .retrieve()
                        .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {}))
                .filter(it -> it.id() != null)
                .concatWith(Mono.error(() -> new IOException("not the end")))
                .doOnNext(it -> last.id = Objects.requireNonNullElse(it.id(), ""))
                .takeUntil(it -> "stream.end".equals(it.event()))
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, PAUSE))
                .doOnNext(it -> taken.accept(new Received(
                        Objects.requireNonNullElse(it.event(), "message"),
                        Objects.requireNonNullElse(it.id(), ""),
                        Objects.requireNonNullElse(it.data(), ""))))
                .blockLast();
    }
}
