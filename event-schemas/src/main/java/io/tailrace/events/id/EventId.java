package io.tailrace.events.id;

import java.util.UUID;

/** Identifies one record of the log, for ever. */
public record EventId(String value) implements WireScalar {
    /** @throws IllegalArgumentException if the value is not a UUID in its canonical text form */
    public EventId {
        if (!UUID.fromString(value).toString().equals(value)) {
            throw new IllegalArgumentException("not a UUID in canonical form: " + value);
        }
    }

    /** The event id of a UUID. */
    public static EventId of(UUID uuid) {
        return new EventId(uuid.toString());
    }

    /** The id's first four bytes, which a cursor carries to notice that the log was rewritten under it. */
    public int prefix() {
        return Integer.parseUnsignedInt(value, 0, 8, 16);
    }

    @Override
    public String toString() {
        return value;
    }
}
