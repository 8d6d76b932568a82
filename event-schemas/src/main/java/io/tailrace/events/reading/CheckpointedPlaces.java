package io.tailrace.events.reading;

import io.tailrace.events.id.RunId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far a client is in many runs: what a checkpoint in the log says, and what has moved since, which its token has. While
 * the next checkpoint is on its way tokens go on from the one before. Runs that the client has nothing of cost nothing.
 * Thread-safe.
 */
public final class CheckpointedPlaces {
    private final long epoch;
    private final Map<RunId, Entry> entries = new HashMap<>();
    private final Map<RunId, Entry> moved = new LinkedHashMap<>();
    private Optional<CheckpointRef> base = Optional.empty();
    private int keyId;
    /** What has moved since the checkpoint that is on its way was made; null if none is. */
    private @Nullable Set<RunId> since;

    private static final class Entry {
        private RunProgress progress;
        private byte @Nullable [] bytes;

        Entry(RunProgress progress) {
            this.progress = progress;
        }
    }

    /** @param epoch of the log now: places of another one cost eight bytes more */
    public CheckpointedPlaces(long epoch) {
        this.epoch = epoch;
    }

    /** Begins with a checkpoint that was read, all that it says of these runs. */
    public synchronized void resume(CheckpointRef from, Map<RunId, RunProgress> said) {
        base = Optional.of(from);
        said.forEach((run, progress) -> entries.put(run, new Entry(progress)));
    }

    /** Notes how far the client is in a run now. */
    public synchronized void put(RunId run, RunProgress progress) {
        Entry entry = entries.computeIfAbsent(run, _ -> new Entry(progress));
        entry.progress = progress;
        entry.bytes = null;
        moved.put(run, entry);
        if (since != null) {
            since.add(run);
        }
    }

    /**
     * Notes that the client has all of a run whose last place the token has. Of another run it stays as it is, so that a
     * token is never longer for it, and of one of another log's, for which there is no short form.
     */
    public synchronized void over(RunId run) {
        Entry entry = moved.get(run);
        if (entry != null
                && entry.progress instanceof RunProgress.At(RunPlace place)
                && place.cursor().epoch() == epoch) {
            put(run, new RunProgress.Over());
        }
    }

    /** Whether a token still has room once this run has moved. */
    public synchronized boolean hasRoom(RunId run) {
        return moved.containsKey(run) || moved.size() < CheckpointedToken.MAX_MOVED;
    }

    /** Whether a token has room for all that has moved. */
    public synchronized boolean fits() {
        return moved.size() <= CheckpointedToken.MAX_MOVED;
    }

    /** How many runs have moved since the checkpoint. */
    public synchronized int moved() {
        return moved.size();
    }

    /**
     * The next checkpoint, whose writing {@link #written} or {@link #notWritten} ends. What moves meanwhile is counted
     * from it on.
     *
     * @return its value; empty if one is on its way
     */
    public synchronized Optional<byte[]> checkpoint(CursorKey key) {
        if (since != null) {
            return Optional.empty();
        }
        since = new HashSet<>();
        sealedBy(key);
        ByteArrayOutputStream out = new ByteArrayOutputStream(40 * (entries.size() + 1));
        out.writeBytes(ByteBuffer.allocate(PlacesCheckpoint.HEAD_BYTES)
                .put(PlacesCheckpoint.VERSION)
                .putInt(key.id())
                .putLong(epoch)
                .array());
        entries.forEach((run, entry) -> out.writeBytes(bytes(key, run, entry)));
        return Optional.of(out.toByteArray());
    }

    /** The log has the checkpoint. */
    public synchronized void written(CheckpointRef checkpoint) {
        Set<RunId> later = since;
        if (later == null) {
            throw new IllegalStateException("no checkpoint is on its way");
        }
        base = Optional.of(checkpoint);
        moved.keySet().retainAll(later);
        since = null;
    }

    /** The log has not taken the checkpoint, or not surely. */
    public synchronized void notWritten() {
        since = null;
    }

    /**
     * The token of all places.
     *
     * @throws IllegalStateException if it has no room for all that has moved
     * @see CheckpointedToken
     */
    public synchronized String seal(CursorKey key) {
        if (!fits()) {
            throw new IllegalStateException(moved.size() + " runs have moved since the checkpoint");
        }
        sealedBy(key);
        CheckpointRef from = base.orElse(CheckpointedToken.NONE);
        ByteArrayOutputStream body = new ByteArrayOutputStream(64 * (moved.size() + 1));
        body.writeBytes(ByteBuffer.allocate(Long.BYTES + CheckpointRef.BYTES)
                .putLong(epoch)
                .putLong(from.offset())
                .putLong(from.digestHigh())
                .putLong(from.digestLow())
                .array());
        moved.forEach((run, entry) -> body.writeBytes(bytes(key, run, entry)));
        return key.seal(CheckpointedToken.PREFIX, body.toByteArray());
    }

    private void sealedBy(CursorKey key) {
        if (key.id() != keyId) {
            keyId = key.id();
            entries.values().forEach(it -> it.bytes = null);
        }
    }

    private byte[] bytes(CursorKey key, RunId run, Entry entry) {
        byte @Nullable [] known = entry.bytes;
        if (known != null) {
            return known;
        }
        byte[] made = RunEntries.entry(key.alias(run), entry.progress, epoch);
        entry.bytes = made;
        return made;
    }
}
