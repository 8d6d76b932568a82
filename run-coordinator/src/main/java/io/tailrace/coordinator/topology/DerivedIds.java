package io.tailrace.coordinator.topology;

import io.tailrace.coordinator.decide.EventIds;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Ids derived from where and when an input was appended, so that an input that is processed again makes the same. */
final class DerivedIds {
    private DerivedIds() {}

    static EventIds of(RecordMetadata input, long timestamp, RunId run) {
        return index -> EventId.of(UUID.nameUUIDFromBytes(String.join(
                        "/",
                        input.topic(),
                        Integer.toString(input.partition()),
                        Long.toString(input.offset()),
                        Long.toString(timestamp),
                        run.value(),
                        Integer.toString(index))
                .getBytes(StandardCharsets.UTF_8)));
    }
}
