package io.tailrace.events.reading;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor.MalformedCursor;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How far a client was in all of its runs when the log took this: a version, the id of the key that names the runs, the
 * epoch that places have in common, and for each run its {@link RunEntries entry}. It proves nothing by itself: the sealed
 * token that refers to it has its digest. Immutable.
 */
public final class PlacesCheckpoint {
    /** A checkpoint has no more runs than this. */
    public static final int MAX_RUNS = 500;

    static final byte VERSION = 1;
    static final int HEAD_BYTES = 1 + Integer.BYTES + Long.BYTES;

    private final int keyId;
    private final long epoch;
    private final RunEntries entries;

    private PlacesCheckpoint(int keyId, long epoch, RunEntries entries) {
        this.keyId = keyId;
        this.epoch = epoch;
        this.entries = entries;
    }

    /**
     * Reads the value of a record.
     *
     * @throws MalformedCursor if it is no checkpoint, or one of a later release
     */
    public static PlacesCheckpoint parse(byte[] value) throws MalformedCursor {
        ByteBuffer in = ByteBuffer.wrap(value);
        if (in.remaining() < HEAD_BYTES || in.get() != VERSION) {
            throw new MalformedCursor("it is no checkpoint");
        }
        int keyId = in.getInt();
        long epoch = in.getLong();
        return new PlacesCheckpoint(keyId, epoch, RunEntries.read(in, epoch, MAX_RUNS));
    }

    /** Which key names its runs. */
    public int keyId() {
        return keyId;
    }

    /** The epoch of which its runs are over. */
    public long epoch() {
        return epoch;
    }

    /** How many runs it has. */
    public int runs() {
        return entries.size();
    }

    /** What it says of a run, if it is of this key; nothing if the client had nothing of it. */
    public Optional<RunProgress> of(CursorKey key, RunId run) {
        return entries.of(key, run);
    }
}
