package io.tailrace.service.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.tailrace.events.log.TraceContext;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Begins the spans of runs with Boot's OpenTelemetry. Whether they are recorded is up to the sampler, and whether they go
 * anywhere to the exporter; a span's place in the trace is there in any case, so that a trace that others record goes
 * through. Beginning and ending a span never blocks and never fails. Thread-safe.
 */
public final class Traces {
    /** Records nothing; what comes with a place in a trace is passed on with that place. */
    public static final Traces NONE = new Traces(OpenTelemetry.noop());

    private final Tracer tracer;

    /** Traces of this process. */
    public Traces(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("io.tailrace");
    }

    /** Where this thread is in a trace, such as in that of the HTTP request that it answers. */
    public Optional<TraceContext> current() {
        return contextOf(Span.current());
    }

    /** Says something of the span that this thread is in. */
    public void say(String attribute, String value) {
        Span.current().setAttribute(attribute, value);
    }

    /** Begins a span of work in this process below the one that this thread is in. */
    public RunSpan begin(String name) {
        return new RunSpan(tracer.spanBuilder(name).startSpan());
    }

    /** Begins a span of a call of another system below the one that this thread is in. */
    public RunSpan beginCall(String name) {
        return new RunSpan(tracer.spanBuilder(name).setSpanKind(SpanKind.CLIENT).startSpan());
    }

    /**
     * Begins a span of what a record led to.
     *
     * @param parent from the record; without one the span begins a trace
     */
    public RunSpan beginConsumed(String name, Optional<TraceContext> parent) {
        return new RunSpan(consumed(name, parent).startSpan());
    }

    /**
     * Begins, later on, a span of what a record led to.
     *
     * @param startedAt when that began
     */
    public RunSpan beginConsumed(String name, Optional<TraceContext> parent, Instant startedAt) {
        return new RunSpan(consumed(name, parent).setStartTimestamp(startedAt).startSpan());
    }

    /**
     * Tells a span whose process cannot tell it any more.
     *
     * @param own under which the process had announced it
     * @param parent of the same trace; otherwise nothing is told
     * @param details says what there is to say of it
     */
    public void tell(
            String name,
            TraceContext own,
            TraceContext parent,
            Instant startedAt,
            Instant endedAt,
            Consumer<RunSpan> details) {
        if (!own.isOfTraceOf(parent)) {
            return;
        }
        SpanBuilder builder = consumed(name, Optional.of(parent)).setStartTimestamp(startedAt);
        RunSpan span = new RunSpan(GivenSpanIds.with(own.spanId(), builder::startSpan));
        details.accept(span);
        span.endAt(endedAt.isBefore(startedAt) ? startedAt : endedAt);
    }

    private SpanBuilder consumed(String name, Optional<TraceContext> parent) {
        SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(SpanKind.CONSUMER);
        return parent.map(it -> builder.setParent(Context.root().with(Span.wrap(remote(it)))))
                .orElseGet(builder::setNoParent);
    }

    static SpanContext remote(TraceContext context) {
        return SpanContext.createFromRemoteParent(
                context.traceId(),
                context.spanId(),
                context.isSampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                TraceState.getDefault());
    }

    static Optional<TraceContext> contextOf(Span span) {
        SpanContext context = span.getSpanContext();
        return TraceContext.of(context.getTraceId(), context.getSpanId(), context.isSampled());
    }
}
