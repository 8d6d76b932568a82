package io.tailrace.turn.provider.trace;

import io.tailrace.service.trace.RunSpan;
import io.tailrace.service.trace.Traces;
import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.DeltaSink;
import io.tailrace.turn.provider.ModelProvider;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.turn.provider.ProviderFamily;

/**
 * A provider each of whose calls is a span below the one that its thread is in. The provider itself is told nothing of
 * the trace. Safe from any thread.
 */
public final class TracedProvider implements ModelProvider {
    private static final String PROVIDER = "tailrace.provider";

    private final ModelProvider provider;
    private final Traces traces;

    /** The same provider, with spans. */
    public TracedProvider(ModelProvider provider, Traces traces) {
        this.provider = provider;
        this.traces = traces;
    }

    @Override
    public String id() {
        return provider.id();
    }

    @Override
    public ProviderFamily family() {
        return provider.family();
    }

    @Override
    public ProviderCall start(ModelRequest request) {
        ProviderCall call = provider.start(request);
        return new ProviderCall() {
            @Override
            public CallEnd run(DeltaSink sink) {
                try (RunSpan span = traces.beginCall(GenAi.spanName(request))) {
                    return traced(span, request, call, sink);
                }
            }

            @Override
            public void cancel() {
                call.cancel();
            }
        };
    }

    private CallEnd traced(RunSpan span, ModelRequest request, ProviderCall call, DeltaSink sink) {
        span.with(PROVIDER, id());
        GenAi.asked(span, family(), request);
        try {
            CallEnd end = call.run(sink);
            GenAi.ended(span, end);
            return end;
        } catch (RuntimeException | Error e) {
            span.failed("sink_failed", "What the model said could not be taken: " + e);
            throw e;
        }
    }
}
