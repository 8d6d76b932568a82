package io.tailrace.turn.provider.call;

import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.CallTimeouts;
import io.tailrace.turn.provider.DeltaSink;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.Usage;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What goes on in one call: what the adapter heard, and whether somebody wants the end. Its methods are for the thread that runs the
 * call; {@link #closeWith} and {@link #arrived} may be called from any thread.
 */
public final class Exchange {

    private final String provider;
    private final CallTimeouts timeouts;
    private final CallTimer timer;
    private final DeltaSink sink;
    private final AtomicReference<Runnable> closer = new AtomicReference<>(Exchange::nothing);
    private final WholeCharacters characters = new WholeCharacters();
    private volatile boolean canceled;
    private volatile Optional<Limit> exceeded = Optional.empty();
    private Optional<FinishReason> finished = Optional.empty();
    private Optional<Usage> usage = Optional.empty();

    Exchange(String provider, CallTimeouts timeouts, DeltaSink sink, long startedNanos) {
        this.provider = provider;
        this.timeouts = timeouts;
        this.timer = new CallTimer(timeouts, startedNanos);
        this.sink = sink;
    }

    /**
     * Says how to end what the adapter waits for; replaces what was said before. The closer is called at most once, by any thread, at once
     * if the end is wanted already; it must not block, and must do no harm when everything is over.
     */
    public void closeWith(Runnable close) {
        closer.set(close);
        if (stopped()) {
            close();
        }
    }

    /** Something came from the provider, be it a delta or only a sign of life. */
    public void arrived() {
        timer.arrived(System.nanoTime());
    }

    /**
     * Hands a delta on; one without content is dropped.
     *
     * @return whether it was handed on
     * @throws CancellationException when somebody wants the end; the adapter lets it through
     */
    public boolean emit(ModelDelta delta) {
        if (stopped()) {
            throw new CancellationException("the call is to end");
        }
        ModelDelta whole = characters.whole(delta);
        boolean empty = switch (whole) {
            case ModelDelta.Text piece -> piece.text().isEmpty();
            case ModelDelta.Reasoning piece -> piece.text().isEmpty();
            case ModelDelta.ToolCall _ -> false;
        };
        arrived();
        if (!empty) {
            timer.pause();
            try {
                sink.accept(whole);
            } catch (RuntimeException | Error e) {
                throw new SinkFailed(e);
            }
            timer.resume(System.nanoTime());
        }
        return !empty;
    }

    /** The provider's own terminal event came: the answer is complete. Only the usage may still follow, and is not waited for for long. */
    public void finished(FinishReason reason) {
        finished = Optional.of(reason);
        timer.finished(System.nanoTime());
    }

    /** What the provider told of the usage, all of it until now; nothing, and nothing but zeros after numbers, tell nothing. */
    public void usage(Usage told) {
        if (!told.isUnknown() && !(told.isZero() && usage.isPresent())) {
            usage = Optional.of(told);
        }
    }

    boolean stopped() {
        return canceled || exceeded.isPresent();
    }

    void cancel() {
        canceled = true;
        close();
    }

    /**
     * Closes the exchange if a limit is exceeded.
     *
     * @return in how many nanoseconds to look again; empty when there is nothing left to watch
     */
    OptionalLong check(long nowNanos) {
        if (stopped()) {
            return OptionalLong.empty();
        }
        exceeded = timer.exceeded(nowNanos);
        if (exceeded.isPresent()) {
            close();
            return OptionalLong.empty();
        }
        return OptionalLong.of(timer.nanosLeft(nowNanos));
    }

    void close() {
        closer.getAndSet(Exchange::nothing).run();
    }

    private static void nothing() {
        // There is nothing to close.
    }

    /** The one end: a cancel is one whatever came since, an answer is complete only if the provider said so. */
    CallEnd end(Optional<ProviderFailure> failure) {
        if (canceled) {
            return new CallEnd.Canceled(usage);
        }
        if (finished.isPresent()) {
            return new CallEnd.Finished(finished.get(), usage.orElse(Usage.unknown()));
        }
        Optional<ProviderFailure> silence =
                exceeded.map(limit -> ProviderFailure.timeout(provider, limit.text(), limit.of(timeouts)));
        return new CallEnd.Failed(silence.or(() -> failure).orElse(ProviderFailure.endedEarly(provider)), usage);
    }
}
