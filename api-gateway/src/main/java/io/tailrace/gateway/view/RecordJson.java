package io.tailrace.gateway.view;

import io.tailrace.events.build.BuildFact.ConsoleLine;
import io.tailrace.events.build.BuildFact.ConsoleLines;
import io.tailrace.events.build.BuildFact.ConsoleStream;
import io.tailrace.events.build.BuildFact.LineEnd;
import io.tailrace.events.codec.WireTree;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.LogRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events of one record as JSON objects, written event by event. What the events of a record have in common is
 * written once and copied. Immutable.
 */
public final class RecordJson {
    private static final String CONSOLE_LINE = "console.line";

    private final String type;
    private final int count;
    private final long firstSequence;
    /** Between the sequence and the index in the event id; all up to there if there is no index. */
    private final byte[] head;

    private final boolean indexed;
    /** Between the index and what differs from event to event. */
    private final byte[] tail;

    private final List<ConsoleLine> lines;

    private RecordJson(
            String type,
            int count,
            long firstSequence,
            byte[] head,
            boolean indexed,
            byte[] tail,
            List<ConsoleLine> lines) {
        this.type = type;
        this.count = count;
        this.firstSequence = firstSequence;
        this.head = head;
        this.indexed = indexed;
        this.tail = tail;
        this.lines = lines;
    }

    /** A record whose events all look the same: one event, or placeholders. */
    static RecordJson single(
            LogRecord record,
            long firstSequence,
            Instant occurredAt,
            @Nullable Map<String, @Nullable Object> payload,
            boolean undecodable) {
        EventHeaders headers = record.headers();
        String type = shownType(headers);
        boolean indexed = headers.count() > 1 || type.equals(CONSOLE_LINE);
        JsonBytes tail = tail(headers, occurredAt).raw(",\"payload\":").value(payload);
        if (undecodable) {
            tail.raw(",\"undecodable\":true");
        }
        tail.raw("}");
        return new RecordJson(
                type, headers.count(), firstSequence, head(record, type), indexed, tail.toBytes(), List.of());
    }

    /** A window of output: each line is an event. */
    static RecordJson lines(LogRecord record, long firstSequence, Instant occurredAt, ConsoleLines payload) {
        JsonBytes tail = tail(record.headers(), occurredAt)
                .raw(",\"payload\":{\"scope\":")
                .text(payload.scope());
        payload.phase().ifPresent(it -> tail.raw(",\"phase\":").text(it));
        return new RecordJson(
                CONSOLE_LINE,
                record.headers().count(),
                firstSequence,
                head(record, CONSOLE_LINE),
                true,
                tail.toBytes(),
                payload.lines());
    }

    private static byte[] head(LogRecord record, String type) {
        return new JsonBytes(160)
                .raw("\"type\":")
                .text(type)
                .raw(",\"run_id\":\"")
                .raw(record.run().value())
                .raw("\",\"event_id\":\"")
                .raw(record.headers().eventId().value())
                .toBytes();
    }

    private static JsonBytes tail(EventHeaders headers, Instant occurredAt) {
        JsonBytes tail = new JsonBytes(256).raw("\"");
        headers.stage()
                .ifPresent(it -> tail.raw(",\"stage_id\":\"").raw(it.value()).raw("\""));
        headers.attempt().ifPresent(it -> tail.raw(",\"attempt\":").number(it.value()));
        headers.worker()
                .ifPresent(it -> tail.raw(",\"worker_id\":\"").raw(it.value()).raw("\""));
        return tail.raw(",\"occurred_at\":\"").raw(WireTree.text(occurredAt)).raw("\"");
    }

    /** Packed output is shown line by line. */
    private static String shownType(EventHeaders headers) {
        return headers.type().equals(EventType.CONSOLE_LINES.wireName()) ? CONSOLE_LINE : headers.type();
    }

    /** The type of its events, as clients see it. */
    public String type() {
        return type;
    }

    /** How many events it has. */
    public int count() {
        return count;
    }

    /** Writes one event. {@code index} is from 0 to the count - 1. */
    public void write(JsonBytes out, int index) {
        if (firstSequence > 0) {
            out.raw("{\"sequence\":").number(firstSequence + index).raw(",");
        } else {
            out.raw("{");
        }
        out.raw(head);
        if (indexed) {
            out.raw("-").number(index + 1);
        }
        out.raw(tail);
        if (!lines.isEmpty()) {
            ConsoleLine line = lines.get(index);
            out.raw(stream(line.stream()))
                    .raw(end(line.end()))
                    .text(line.text())
                    .raw("}}");
        }
    }

    private static String stream(ConsoleStream stream) {
        return switch (stream) {
            case STDOUT -> ",\"stream\":\"stdout\"";
            case STDERR -> ",\"stream\":\"stderr\"";
        };
    }

    private static String end(LineEnd end) {
        return switch (end) {
            case NEWLINE -> ",\"end\":\"newline\",\"text\":";
            case PARTIAL -> ",\"end\":\"partial\",\"text\":";
            case SPLIT -> ",\"end\":\"split\",\"text\":";
            case EOF -> ",\"end\":\"eof\",\"text\":";
        };
    }
}
