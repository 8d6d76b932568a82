package io.tailrace.gateway.json;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Mark;
import io.tailrace.events.reading.ReadItem;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every event of the order as one JSON object. A record whose value cannot be decoded keeps its
 * numbers: a null payload, and {@code "undecodable": true}. Thread-safe.
 */
public final class EventJson {
    private final EventDecoder decoder;

    public EventJson(EventDecoder decoder) {
        this.decoder = decoder;
    }

    /** A record of the order, decoded. */
    public RecordJson of(ReadItem.Numbered item) {
        return of(item.record(), item.firstSequence(), item.supersedesFrom());
    }

    /** A record that has no place in the order yet: its events have no sequence. */
    public RecordJson unnumbered(LogRecord record) {
        return of(record, 0, Optional.empty());
    }

    private RecordJson of(LogRecord record, long firstSequence, Optional<Long> supersedesFrom) {
        Optional<DecodedEvent> decoded = decoder.decode(record);
        if (decoded.isEmpty()) {
            return RecordJson.single(record, firstSequence, record.timestamp(), null, true);
        }
        Instant occurredAt = decoded.get().occurredAt();
        Optional<PackedEvents> members = PackedEvents.of(decoded.get());
        if (members.isPresent()) {
            return RecordJson.packed(record, firstSequence, occurredAt, members.get());
        }
        Map<String, @Nullable Object> payload = WireTree.of(decoded.get().payload());
        if (record.headers().mark() == Mark.CLAIM) {
            supersedesFrom.ifPresent(it -> payload.put("supersedes_from_sequence", it));
        }
        return RecordJson.single(record, firstSequence, occurredAt, payload, false);
    }
}
