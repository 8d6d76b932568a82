package io.tailrace.events.reading;

import io.tailrace.events.id.RunId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a client is in each of several runs. A place that changes costs its own bytes and the seal, whatever the number of
 * runs. Thread-safe.
 */
public final class RunPlaces {
    private final Map<RunId, Entry> entries = new LinkedHashMap<>();
    private long epoch;
    private int keyId;

    private static final class Entry {
        private RunPlace place;
        private @Nullable Long alias;
        private byte @Nullable [] bytes;

        Entry(RunPlace place) {
            this.place = place;
        }
    }

    /** Notes where the client is in a run now. */
    public synchronized void put(RunId run, RunPlace place) {
        Entry entry = entries.computeIfAbsent(run, _ -> new Entry(place));
        entry.place = place;
        entry.bytes = null;
    }

    /**
     * The token of all places.
     *
     * @see RunsToken
     */
    public synchronized String seal(CursorKey key) {
        long common = entries.isEmpty()
                ? 0
                : entries.values().iterator().next().place.cursor().epoch();
        if (common != epoch || key.id() != keyId) {
            epoch = common;
            keyId = key.id();
            for (Entry each : entries.values()) {
                each.alias = null;
                each.bytes = null;
            }
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(64 * (entries.size() + 1));
        body.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(epoch).array());
        entries.forEach((run, entry) -> body.writeBytes(bytes(key, run, entry)));
        return key.seal(RunsToken.PREFIX, body.toByteArray());
    }

    private byte[] bytes(CursorKey key, RunId run, Entry entry) {
        byte @Nullable [] known = entry.bytes;
        if (known != null) {
            return known;
        }
        Long alias = entry.alias;
        if (alias == null) {
            alias = key.alias(run);
            entry.alias = alias;
        }
        byte[] made = RunsToken.entry(alias, entry.place, epoch);
        entry.bytes = made;
        return made;
    }
}
