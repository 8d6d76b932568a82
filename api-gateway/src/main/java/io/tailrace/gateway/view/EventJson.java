package io.tailrace.gateway.view;

import io.tailrace.events.build.BuildEvent;
import io.tailrace.events.build.BuildFact;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.codec.WireTree;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The canonical view: every event of the order as one JSON object. A record whose value cannot be decoded keeps its
 * numbers: a null payload, and {@code "undecodable": true}. Thread-safe.
 */
public final class EventJson {
    private final EventCodec codec;
    private final UndecodableValues undecodable;

    /** Told of every value that could not be decoded, each time it is met. */
    @FunctionalInterface
    public interface UndecodableValues {
        void met(LogPosition position, String type, String reason);
    }

    public EventJson(EventCodec codec, UndecodableValues undecodable) {
        this.codec = codec;
        this.undecodable = undecodable;
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
        Optional<Decoded> decoded = decode(record);
        if (decoded.isEmpty()) {
            return RecordJson.single(record, firstSequence, record.timestamp(), null, true);
        }
        Instant occurredAt = decoded.get().occurredAt;
        if (decoded.get().payload instanceof BuildFact.ConsoleLines lines) {
            return RecordJson.lines(record, firstSequence, occurredAt, lines);
        }
        Map<String, @Nullable Object> payload = WireTree.of(decoded.get().payload);
        if (record.headers().mark() == Mark.CLAIM) {
            supersedesFrom.ifPresent(it -> payload.put("supersedes_from_sequence", it));
        }
        return RecordJson.single(record, firstSequence, occurredAt, payload, false);
    }

    private record Decoded(Instant occurredAt, Record payload) {}

    private Optional<Decoded> decode(LogRecord record) {
        try {
            Decoded decoded = switch (record.topic()) {
                case RUN_EVENTS -> {
                    RunEvent event = codec.decode(Topic.RUN_EVENTS, RunEvent.class, record.value());
                    yield new Decoded(event.occurredAt(), (Record) event.payload());
                }
                case BUILD_EVENTS -> {
                    BuildEvent event = codec.decode(Topic.BUILD_EVENTS, BuildEvent.class, record.value());
                    yield new Decoded(event.occurredAt(), (Record) event.payload());
                }
                case RUN_COMMANDS, BUILD_REQUESTS, RUNS, DEFINITIONS, ARTIFACTS ->
                    throw new IllegalArgumentException(record.topic() + " has no events");
            };
            if (saysTheSame(record.headers(), decoded.payload)) {
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
            case RunFact fact -> {
                type = fact.type();
                count = fact.count();
            }
            default -> throw new IllegalArgumentException("no payload of an event: " + payload.getClass());
        }
        return headers.type().equals(type.wireName()) && headers.count() == count;
    }
}
