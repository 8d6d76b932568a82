package io.tailrace.gateway.cursor;

import io.tailrace.events.reading.CursorKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that the log has. The one written last seals, every one opens. Written by the tail's thread alone, read by
 * any.
 */
final class KeyRing {
    private final Map<String, CursorKey> read = new LinkedHashMap<>();
    private volatile List<CursorKey> keys = List.of();
    private volatile boolean empty = true;

    /** The log is read anew. What was known serves until something else was read. */
    void clear() {
        read.clear();
        empty = true;
    }

    void put(String name, CursorKey key) {
        read.remove(name);
        read.put(name, key);
        publish();
    }

    /** A name that was not read since it was cleared revokes nothing: what was known serves on until a key is read. */
    void revoke(String name) {
        if (read.remove(name) != null) {
            publish();
        }
    }

    private void publish() {
        keys = List.copyOf(read.values());
        empty = keys.isEmpty();
    }

    /** Whether nothing was read since it was cleared, or all of it was revoked. */
    boolean isEmpty() {
        return empty;
    }

    Optional<CursorKey> sealing() {
        List<CursorKey> now = keys;
        return now.isEmpty() ? Optional.empty() : Optional.of(now.getLast());
    }

    Optional<CursorKey> named(int id) {
        return keys.stream().filter(it -> it.id() == id).findFirst();
    }
}
