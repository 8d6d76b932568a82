package io.tailrace.turn.provider.bedrock;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;

/**
 * Brings the events of a stream from the SDK's threads to the one that runs the call. Asks for the next one only when it has handed one
 * out, so that it never holds more than one event and an end.
 */
final class EventQueue implements Subscriber<ConverseStreamOutput> {

    private sealed interface Signal {

        record Event(ConverseStreamOutput event) implements Signal {}

        record Failed(Throwable error) implements Signal {}

        record Completed() implements Signal {}
    }

    private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private volatile Optional<Subscription> subscription = Optional.empty();
    private volatile boolean closed;

    @Override
    public void onSubscribe(Subscription stream) {
        subscription = Optional.of(stream);
        if (closed) {
            stream.cancel();
        } else {
            stream.request(1);
        }
    }

    @Override
    public void onNext(ConverseStreamOutput event) {
        signals.add(new Signal.Event(event));
    }

    @Override
    public void onError(Throwable error) {
        signals.add(new Signal.Failed(error));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.Completed());
    }

    /** Ends the stream from any thread: what waits for the next event learns that there is none. */
    void close() {
        closed = true;
        subscription.ifPresent(Subscription::cancel);
        signals.add(new Signal.Failed(new CancellationException("the call is to end")));
    }

    /**
     * Waits for the next event.
     *
     * @return empty when the stream has ended
     * @throws Exception what the stream failed with
     */
    Optional<ConverseStreamOutput> next() throws Exception {
        return switch (signals.take()) {
            case Signal.Event next -> {
                subscription.ifPresent(stream -> stream.request(1));
                yield Optional.of(next.event());
            }
            case Signal.Completed _ -> Optional.empty();
            case Signal.Failed failed -> throw unwrapped(failed.error());
        };
    }

    private static Exception unwrapped(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof Error serious) {
            throw serious;
        }
        return cause instanceof Exception exception ? exception : new IllegalStateException(cause);
    }
}
