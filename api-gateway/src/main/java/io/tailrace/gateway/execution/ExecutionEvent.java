package io.tailrace.gateway.execution;

import io.tailrace.events.codec.WireTree;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event of an execution, as the contract has it. Immutable.
 *
 * @param id that of the canonical event that it tells of, which tells of nothing else
 * @param fields those of its type, as JSON values
 */
record ExecutionEvent(
        ExecutionEventType type, RunId execution, EventId id, Instant timestamp, Map<String, @Nullable Object> fields) {

    /** What the stream says under the event's name. */
    Map<String, @Nullable Object> data() {
        Map<String, @Nullable Object> data = new LinkedHashMap<>(fields);
        data.put("timestamp", WireTree.text(timestamp));
        data.put("eventId", id.value());
        return data;
    }

    /** What the history says of it. */
    Map<String, @Nullable Object> row() {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", id.value());
        row.put("executionId", execution.value());
        row.put("eventType", type.wireName());
        row.put("eventData", data());
        row.put("createdAt", WireTree.text(timestamp));
        return row;
    }
}
