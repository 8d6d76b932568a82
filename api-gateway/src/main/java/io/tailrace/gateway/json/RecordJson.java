package io.tailrace.gateway.json;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.LogRecord;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The events of one record as JSON objects, written event by event. What the events of a record have in common is
 * written once and copied. Immutable.
 */
public final class RecordJson {
    private final String type;
    private final int count;
    private final long firstSequence;
    /** Between the sequence and the index in the event id; all up to there if there is no index. */
    private final byte[] head;

    private final boolean indexed;
    /** Between the index and what differs from event to event. */
    private final byte[] tail;

    private final Optional<PackedEvents> members;

    private RecordJson(
            String type,
            int count,
            long firstSequence,
            byte[] head,
            boolean indexed,
            byte[] tail,
            Optional<PackedEvents> members) {
        this.type = type;
        this.count = count;
        this.firstSequence = firstSequence;
        this.head = head;
        this.indexed = indexed;
        this.tail = tail;
        this.members = members;
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
        boolean indexed = headers.count() > 1 || member(headers.type()).isPresent();
        JsonBytes tail = tail(headers, occurredAt).raw(",\"payload\":").value(payload);
        if (undecodable) {
            tail.raw(",\"undecodable\":true");
        }
        tail.raw("}");
        return new RecordJson(
                type, headers.count(), firstSequence, head(record, type), indexed, tail.toBytes(), Optional.empty());
    }

    /** A record whose members are shown one by one. */
    static RecordJson packed(LogRecord record, long firstSequence, Instant occurredAt, PackedEvents members) {
        String type = shownType(record.headers());
        JsonBytes tail = tail(record.headers(), occurredAt).raw(",\"payload\":");
        members.begin(tail);
        return new RecordJson(
                type,
                record.headers().count(),
                firstSequence,
                head(record, type),
                true,
                tail.toBytes(),
                Optional.of(members));
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

    private static String shownType(EventHeaders headers) {
        return shownType(headers.type());
    }

    /** What clients see the events of a record with this type as. */
    public static String shownType(String recordType) {
        return member(recordType).orElse(recordType);
    }

    private static Optional<String> member(String recordType) {
        return EventType.named(recordType).flatMap(EventType::member);
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
        if (members.isPresent()) {
            members.get().end(out, index);
            out.raw("}");
        }
    }
}
