package io.tailrace.service.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.tailrace.events.log.TraceContext;
import io.tailrace.events.text.Excerpt;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A span that has begun. What is said after its end is dropped. No method blocks, and none fails whatever becomes of the
 * export. Safe from any thread.
 */
public final class RunSpan implements AutoCloseable {
    /** A description is for people; what failed may have said pages. */
    private static final int MAX_DESCRIPTION = 500;

    private final Span span;
    private final Optional<TraceContext> context;

    RunSpan(Span span) {
        this.span = span;
        this.context = Traces.contextOf(span);
    }

    /** Its place in the trace, for what follows from it; nothing if there is no trace. */
    public Optional<TraceContext> context() {
        return context;
    }

    /** Whether it is recorded: if not, what would be said of it need not be put together. */
    public boolean isRecorded() {
        return span.isRecording();
    }

    /** Says something of it. */
    public RunSpan with(String attribute, String value) {
        span.setAttribute(attribute, value);
        return this;
    }

    /** Says a number of it. */
    public RunSpan with(String attribute, long value) {
        span.setAttribute(attribute, value);
        return this;
    }

    /** Says a number of it. */
    public RunSpan with(String attribute, double value) {
        span.setAttribute(attribute, value);
        return this;
    }

    /** Says several words of it. */
    public RunSpan with(String attribute, List<String> values) {
        span.setAttribute(AttributeKey.stringArrayKey(attribute), values);
        return this;
    }

    /** Says what else has led to it, if that has a place in a trace. */
    public RunSpan linkedTo(Optional<TraceContext> cause) {
        cause.ifPresent(it -> span.addLink(Traces.remote(it)));
        return this;
    }

    /**
     * It ends in an error.
     *
     * @param type a short word of a small set
     * @param description for people, cut after 500 characters
     */
    public RunSpan failed(String type, String description) {
        span.setAttribute("error.type", type);
        span.setStatus(StatusCode.ERROR, Excerpt.beginning(description, MAX_DESCRIPTION));
        return this;
    }

    /** Does something on this thread; spans that begin meanwhile on it, and are given no other parent, are below this one. */
    public <E extends Exception> void during(Action<E> action) throws E {
        try (Scope _ = span.makeCurrent()) {
            action.run();
        }
    }

    /**
     * What a thread does within a span.
     *
     * @param <E> what it may throw
     */
    public interface Action<E extends Exception> {
        void run() throws E;
    }

    /** Ends it now, or leaves it ended. */
    @Override
    public void close() {
        span.end();
    }

    void endAt(Instant at) {
        span.end(at);
    }
}
