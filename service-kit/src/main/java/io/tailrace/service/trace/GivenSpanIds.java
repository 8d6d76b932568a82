package io.tailrace.service.trace;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.function.Supplier;

/**
 * Random ids, but where a span that another process has begun is told by this one: it gets the id under which the other
 * has announced it, so that what the other had exported hangs below it. Thread-safe.
 */
public final class GivenSpanIds implements IdGenerator {
    private static final ScopedValue<String> GIVEN = ScopedValue.newInstance();

    private final IdGenerator random = IdGenerator.random();

    /** What the action makes on this thread has this id. */
    static <T> T with(String spanId, Supplier<T> action) {
        return ScopedValue.where(GIVEN, spanId).call(action::get);
    }

    @Override
    public String generateSpanId() {
        return GIVEN.isBound() ? GIVEN.get() : random.generateSpanId();
    }

    @Override
    public String generateTraceId() {
        return random.generateTraceId();
    }
}
