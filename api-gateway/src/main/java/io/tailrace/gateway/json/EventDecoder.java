package io.tailrace.gateway.json;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.stage.StageEvent;
import java.util.Optional;

/**
 * Records of the event topics as what they say. A value that cannot be decoded is reported and skipped; its record keeps
 * its numbers all the same. Thread-safe.
 */
public final class EventDecoder {
    private final EventCodec codec;
    private final UndecodableValues undecodable;

    /** Told of every value that could not be decoded, each time it is met. */
    @FunctionalInterface
    public interface UndecodableValues {
        void met(LogPosition position, String type, String reason);
    }

    public EventDecoder(EventCodec codec, UndecodableValues undecodable) {
        this.codec = codec;
        this.undecodable = undecodable;
    }

    /** What a record says; empty if its value cannot be decoded, or contradicts its headers. */
    public Optional<DecodedEvent> decode(LogRecord record) {
        try {
            DecodedEvent decoded = decoded(record);
            if (decoded.isAnnouncedBy(record.headers())) {
                return Optional.of(decoded);
            }
            undecodable.met(
                    record.position(), record.headers().type(), "its headers say something else than its value");
        } catch (UndecodableRecord e) {
            undecodable.met(record.position(), record.headers().type(), String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    private DecodedEvent decoded(LogRecord record) throws UndecodableRecord {
        if (record.topic().holdsChapters()) {
            StageEvent event = codec.stageEvent(record.topic(), record.value());
            return new DecodedEvent.OfStage(event.occurredAt(), event.payload());
        }
        RunEvent event = codec.decode(Topic.RUN_EVENTS, RunEvent.class, record.value());
        return new DecodedEvent.OfRun(event.occurredAt(), event.payload());
    }
}
