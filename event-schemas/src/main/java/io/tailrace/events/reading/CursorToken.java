package io.tailrace.events.reading;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor.MalformedCursor;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.OptionalInt;

/**
 * A cursor as a client sends it: an opaque text, and a claim until {@link #isSealedBy} has said that a gateway made it.
 * Immutable.
 */
public final class CursorToken {
    /** No token is longer, so that a server can refuse longer ones unread. */
    public static final int MAX_LENGTH = 160;

    static final String PREFIX = "v2.";

    /** Tokens of releases that sealed nothing: the same bytes, with a check byte. */
    private static final String UNSEALED_PREFIX = "v1.";

    private final OptionalInt keyId;
    private final RunCursor claimed;
    private final byte[] bytes;

    private CursorToken(OptionalInt keyId, RunCursor claimed, byte[] bytes) {
        this.keyId = keyId;
        this.claimed = claimed;
        this.bytes = bytes;
    }

    /**
     * Reads a token.
     *
     * @throws MalformedCursor with what is wrong, if no release makes such tokens
     */
    public static CursorToken parse(String token) throws MalformedCursor {
        if (token.length() > MAX_LENGTH) {
            throw new MalformedCursor("it is longer than any cursor");
        }
        if (token.startsWith(UNSEALED_PREFIX)) {
            byte[] bytes = decode(token);
            RunCursor claimed = RunCursor.of(ByteBuffer.wrap(bytes, 0, Math.max(0, bytes.length - 1)));
            return new CursorToken(OptionalInt.empty(), claimed, bytes);
        }
        if (!token.startsWith(PREFIX)) {
            throw new MalformedCursor("it does not begin with '" + PREFIX + "'");
        }
        byte[] bytes = decode(token);
        int body = bytes.length - Integer.BYTES - CursorKey.MAC_BYTES;
        if (body < 0) {
            throw new MalformedCursor("it is cut off");
        }
        RunCursor claimed = RunCursor.of(ByteBuffer.wrap(bytes, Integer.BYTES, body));
        return new CursorToken(OptionalInt.of(ByteBuffer.wrap(bytes).getInt()), claimed, bytes);
    }

    /** One text for the same bytes: what was changed is never taken for what was made. */
    static byte[] decode(String token) throws MalformedCursor {
        String text = token.substring(PREFIX.length());
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new MalformedCursor("it is not base64url after its version");
    }

    /** Which key it says that it is sealed with; empty for a token of a release that sealed nothing. */
    public OptionalInt keyId() {
        return keyId;
    }

    /** What it says. Anybody can write that. */
    public RunCursor claimed() {
        return claimed;
    }

    /** Whether who has this key made it, for this run. Takes the same time wherever it differs. */
    public boolean isSealedBy(CursorKey key, RunId run) {
        return keyId.equals(OptionalInt.of(key.id())) && key.hasSealed(PREFIX, run.value(), bytes);
    }
}
