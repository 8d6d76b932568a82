package io.tailrace.gateway.json;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.TurnEvent;
import io.tailrace.events.stage.TurnFact;
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
            DecodedEvent decoded = switch (record.topic()) {
                case RUN_EVENTS -> {
                    RunEvent event = codec.decode(Topic.RUN_EVENTS, RunEvent.class, record.value());
                    yield new DecodedEvent(event.occurredAt(), (Record) event.payload());
                }
                case BUILD_EVENTS -> {
                    BuildEvent event = codec.decode(Topic.BUILD_EVENTS, BuildEvent.class, record.value());
                    yield new DecodedEvent(event.occurredAt(), (Record) event.payload());
                }
                case TURN_EVENTS -> {
                    TurnEvent event = codec.decode(Topic.TURN_EVENTS, TurnEvent.class, record.value());
                    yield new DecodedEvent(event.occurredAt(), (Record) event.payload());
                }
                case RUN_COMMANDS, BUILD_REQUESTS, TURN_REQUESTS, RUNS, DEFINITIONS, ARTIFACTS, CURSOR_KEYS ->
                    throw new IllegalArgumentException(record.topic() + " has no events");
            };
            if (saysTheSame(record.headers(), decoded.payload())) {
                return Optional.of(decoded);
            }
            undecodable.met(
                    record.position(), record.headers().type(), "its headers say something else than its value");
        } catch (UndecodableRecord e) {
            undecodable.met(record.position(), record.headers().type(), String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    /** Numbering went by the headers: a value with another type or another number of events cannot be shown. */
    private static boolean saysTheSame(EventHeaders headers, Record payload) {
        EventType type;
        int count;
        switch (payload) {
            case BuildFact fact -> {
                type = fact.type();
                count = fact.count();
            }
            case TurnFact fact -> {
                type = fact.type();
                count = fact.count();
            }
            case RunFact fact -> {
                type = fact.type();
                count = fact.count();
            }
            default -> throw new IllegalArgumentException("no payload of an event: " + payload.getClass());
        }
        return headers.type().equals(type.wireName()) && headers.count() == count;
    }
}
