package io.tailrace.events.kafka;

import io.tailrace.events.log.TraceContext;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The record header {@code traceparent}: the one place that writes and reads it. It is none of our headers: order,
 * fence, numbering and ids do not see it, and a record with a wrong one, with several or with none is as good as any.
 */
public final class TraceHeader {
    /** The header's name, and that of the variable and the HTTP header by other rules of capitals. */
    public static final String NAME = "traceparent";

    private static final int MAX_BYTES = 256;

    private TraceHeader() {}

    /** The record with this context, in place of what it may have had; without one it stays as it is. */
    public static ProducerRecord<byte[], byte[]> on(
            ProducerRecord<byte[], byte[]> record, Optional<TraceContext> trace) {
        trace.ifPresent(
                it -> record.headers().remove(NAME).add(NAME, it.traceparent().getBytes(StandardCharsets.US_ASCII)));
        return record;
    }

    /** The context that a record came with; nothing if that is not exactly one that can be read. Never throws. */
    public static Optional<TraceContext> of(Headers headers) {
        Iterator<Header> found = headers.headers(NAME).iterator();
        if (!found.hasNext()) {
            return Optional.empty();
        }
        byte[] value = found.next().value();
        return value == null || value.length > MAX_BYTES || found.hasNext()
                ? Optional.empty()
                : TraceContext.parse(new String(value, StandardCharsets.ISO_8859_1));
    }
}
