package io.tailrace.events.reading;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor.MalformedCursor;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A place in each of several runs as a client sends it: an opaque text, and a claim until {@link #isSealedBy} has said that
 * a gateway made it. In bytes: the key's id, the epoch that places have in common, for each run its alias, a byte of flags
 * and length, and its place, and the seal of all of it. Immutable.
 */
public final class RunsToken {
    /** How tokens of several runs begin, and no others. */
    public static final String PREFIX = "m1.";

    /** A token has no more runs than this. */
    public static final int MAX_RUNS = 50;

    /** No token is longer, whatever its offsets. With those that logs have it is below 4 KB. */
    public static final int MAX_LENGTH = 5_200;

    private static final int UNPROVEN = 0x40;
    private static final int OTHER_EPOCH = 0x80;
    private static final int LENGTH = 0x3f;

    private final int keyId;
    private final long epoch;
    private final Map<Long, RunPlace> claims;
    private final byte[] bytes;

    private RunsToken(int keyId, long epoch, Map<Long, RunPlace> claims, byte[] bytes) {
        this.keyId = keyId;
        this.epoch = epoch;
        this.claims = claims;
        this.bytes = bytes;
    }

    /** What a token says of one run. */
    static byte[] entry(long alias, RunPlace place, long epoch) {
        byte[] there = place.cursor().place();
        boolean other = place.cursor().epoch() != epoch;
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES + 1 + (other ? Long.BYTES : 0) + there.length);
        out.putLong(alias).put((byte) (there.length | (place.proven() ? 0 : UNPROVEN) | (other ? OTHER_EPOCH : 0)));
        if (other) {
            out.putLong(place.cursor().epoch());
        }
        return out.put(there).array();
    }

    /**
     * Reads a token.
     *
     * @throws MalformedCursor with what is wrong, if no gateway makes such tokens
     */
    public static RunsToken parse(String token) throws MalformedCursor {
        if (token.length() > MAX_LENGTH) {
            throw new MalformedCursor("it is longer than any cursor of several runs");
        }
        if (!token.startsWith(PREFIX)) {
            throw new MalformedCursor("it does not begin with '" + PREFIX + "'");
        }
        byte[] bytes = CursorToken.decode(token);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.remaining() < Integer.BYTES + Long.BYTES + CursorKey.MAC_BYTES) {
            throw new MalformedCursor("it is cut off");
        }
        in.limit(bytes.length - CursorKey.MAC_BYTES);
        int keyId = in.getInt();
        long epoch = in.getLong();
        Map<Long, RunPlace> claims = new HashMap<>();
        while (in.hasRemaining()) {
            if (claims.size() == MAX_RUNS) {
                throw new MalformedCursor("it has more runs than any cursor");
            }
            if (claims.put(take(in, Long.BYTES).getLong(), place(in, epoch)) != null) {
                throw new MalformedCursor("it has a run twice");
            }
        }
        return new RunsToken(keyId, epoch, claims, bytes);
    }

    /** What {@link #entry} says, but for the alias. */
    static RunPlace place(ByteBuffer in, long common) throws MalformedCursor {
        int head = take(in, 1).get() & 0xff;
        long epoch = (head & OTHER_EPOCH) == 0 ? common : take(in, Long.BYTES).getLong();
        RunCursor cursor = RunCursor.ofPlace(epoch, 0, take(in, head & LENGTH));
        return new RunPlace(cursor, (head & UNPROVEN) == 0);
    }

    /** The next bytes, so many. */
    static ByteBuffer take(ByteBuffer in, int length) throws MalformedCursor {
        if (in.remaining() < length) {
            throw new MalformedCursor("it is cut off");
        }
        ByteBuffer taken = in.slice(in.position(), length);
        in.position(in.position() + length);
        return taken;
    }

    /** Which key it says that it is sealed with. */
    public int keyId() {
        return keyId;
    }

    /** Of which log it says that it is. */
    public long epoch() {
        return epoch;
    }

    /** How many runs it says that it has. */
    public int runs() {
        return claims.size();
    }

    /** Whether who has this key made it. Takes the same time wherever it differs. */
    public boolean isSealedBy(CursorKey key) {
        return keyId == key.id() && key.hasSealed(PREFIX, "", bytes);
    }

    /** What a token that this key has sealed says of a run; nothing if it does not have it. */
    public Optional<RunPlace> of(CursorKey key, RunId run) {
        return Optional.ofNullable(claims.get(key.alias(run)))
                .map(it -> new RunPlace(it.cursor().of(run), it.proven()));
    }
}
