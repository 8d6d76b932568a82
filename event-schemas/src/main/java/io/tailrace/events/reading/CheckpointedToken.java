package io.tailrace.events.reading;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor.MalformedCursor;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How far a client is in many runs as it sends it: an opaque text, and a claim until {@link #isSealedBy} has said that a
 * gateway made it. In bytes: the key's id, the epoch that places have in common, the checkpoint that it goes on from, the
 * {@link RunEntries entries} of the runs that have moved since, and the seal of all of it. Immutable.
 */
public final class CheckpointedToken {
    /** How tokens of many runs begin, and no others. */
    public static final String PREFIX = "s1.";

    /** A token has no more runs than this; those that did not move since the checkpoint are not among them. */
    public static final int MAX_MOVED = 50;

    /** No token is longer, whatever its offsets. With those that logs have it is below 4 KB. */
    public static final int MAX_LENGTH = 5_200;

    static final CheckpointRef NONE = new CheckpointRef(-1, 0, 0);

    private final int keyId;
    private final long epoch;
    private final CheckpointRef base;
    private final RunEntries moved;
    private final byte[] bytes;

    private CheckpointedToken(int keyId, long epoch, CheckpointRef base, RunEntries moved, byte[] bytes) {
        this.keyId = keyId;
        this.epoch = epoch;
        this.base = base;
        this.moved = moved;
        this.bytes = bytes;
    }

    /**
     * Reads a token.
     *
     * @throws MalformedCursor with what is wrong, if no gateway makes such tokens
     */
    public static CheckpointedToken parse(String token) throws MalformedCursor {
        if (token.length() > MAX_LENGTH) {
            throw new MalformedCursor("it is longer than any cursor of a subscription");
        }
        if (!token.startsWith(PREFIX)) {
            throw new MalformedCursor("it does not begin with '" + PREFIX + "'");
        }
        byte[] bytes = CursorToken.decode(token);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.remaining() < Integer.BYTES + Long.BYTES + CheckpointRef.BYTES + CursorKey.MAC_BYTES) {
            throw new MalformedCursor("it is cut off");
        }
        in.limit(bytes.length - CursorKey.MAC_BYTES);
        int keyId = in.getInt();
        long epoch = in.getLong();
        CheckpointRef base = new CheckpointRef(in.getLong(), in.getLong(), in.getLong());
        return new CheckpointedToken(keyId, epoch, base, RunEntries.read(in, epoch, MAX_MOVED), bytes);
    }

    /** Which key it says that it is sealed with. */
    public int keyId() {
        return keyId;
    }

    /** Of which log it says that it is. */
    public long epoch() {
        return epoch;
    }

    /** The checkpoint that it goes on from; empty if all that its client has is in the token. */
    public Optional<CheckpointRef> base() {
        return base.offset() < 0 ? Optional.empty() : Optional.of(base);
    }

    /** How many runs it says have moved since. */
    public int moved() {
        return moved.size();
    }

    /** Whether who has this key made it. Takes the same time wherever it differs. */
    public boolean isSealedBy(CursorKey key) {
        return keyId == key.id() && key.hasSealed(PREFIX, "", bytes);
    }

    /** What a token that this key has sealed says of a run; nothing if it has not moved since the checkpoint. */
    public Optional<RunProgress> of(CursorKey key, RunId run) {
        return moved.of(key, run);
    }
}
