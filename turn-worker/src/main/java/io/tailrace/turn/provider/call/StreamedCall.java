package io.tailrace.turn.provider.call;

import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.CallTimeouts;
import io.tailrace.turn.provider.DeltaSink;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.turn.provider.ProviderFailure;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of any provider: runs an adapter's part of it, and decides how it ended. The recorded intent decides, then the provider's
 * terminal event, then what went wrong; that a stream ended says nothing, because closing one from another thread looks the same.
 */
public final class StreamedCall implements ProviderCall {

    private static final Logger LOG = LoggerFactory.getLogger(StreamedCall.class);

    private final String provider;
    private final CallTimeouts timeouts;
    private final AdapterCall call;
    private final Watchdog watchdog;
    private final AtomicBoolean started = new AtomicBoolean();

    /** Guarded by this, as the next one. */
    private @Nullable Exchange running;

    private boolean canceled;

    public StreamedCall(String provider, CallTimeouts timeouts, AdapterCall call, Watchdog watchdog) {
        this.provider = provider;
        this.timeouts = timeouts;
        this.call = call;
        this.watchdog = watchdog;
    }

    @Override
    public CallEnd run(DeltaSink sink) {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("a call runs once");
        }
        Exchange exchange = new Exchange(provider, timeouts, sink, System.nanoTime());
        synchronized (this) {
            running = exchange;
            if (canceled) {
                exchange.cancel();
            }
        }
        Optional<ProviderFailure> failure = Optional.empty();
        try (var _ = watchdog.watch(exchange)) {
            if (!exchange.stopped()) {
                call.perform(exchange);
            }
        } catch (SinkFailed e) {
            throw e.unwrapped();
        } catch (InvalidRequest e) {
            failure = Optional.of(ProviderFailure.invalidRequest(e.reason()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            failure = Optional.of(explained(e));
        } finally {
            exchange.close();
        }
        if (Thread.currentThread().isInterrupted()) {
            failure = Optional.of(ProviderFailure.interrupted(provider));
        }
        return exchange.end(failure);
    }

    /** An explanation that fails must not look like a worker that fails: the call was made, and is not made again for it. */
    private ProviderFailure explained(Exception error) {
        try {
            return call.explain(error);
        } catch (RuntimeException e) {
            e.addSuppressed(error);
            LOG.error("A failure of the provider {} could not be explained", provider, e);
            return ProviderFailure.unexplained(provider);
        }
    }

    @Override
    public synchronized void cancel() {
        canceled = true;
        if (running != null) {
            running.cancel();
        }
    }
}
