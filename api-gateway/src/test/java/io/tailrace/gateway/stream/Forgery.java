package io.tailrace.gateway.stream;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.CursorKey;
import io.tailrace.events.reading.CursorToken;
import io.tailrace.events.reading.RunCursor;
import java.util.Arrays;
import java.util.Base64;

/** Tokens as a stranger can make them: everything is right but what takes a secret. */
final class Forgery {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final int MAC_BYTES = 16;

    private Forgery() {}

    /** An honest token with another sequence, and the honest seal. */
    static String shifted(RunId run, String honest, long change) throws Exception {
        RunCursor cursor = CursorToken.parse(honest).claimed();
        byte[] before = Base64.getUrlDecoder().decode(honest.substring(3));
        byte[] after = Base64.getUrlDecoder()
                .decode(strangersKey(0).seal(run, shifted(cursor, change)).substring(3));
        System.arraycopy(before, 0, after, 0, Integer.BYTES);
        System.arraycopy(before, before.length - MAC_BYTES, after, after.length - MAC_BYTES, MAC_BYTES);
        return honest.substring(0, 3) + ENCODER.encodeToString(after);
    }

    /** As releases made them that sealed nothing. */
    static String unsealed(RunId run, RunCursor cursor) {
        byte[] sealed =
                Base64.getUrlDecoder().decode(strangersKey(0).seal(run, cursor).substring(3));
        byte[] body = Arrays.copyOfRange(sealed, Integer.BYTES, sealed.length - MAC_BYTES + 1);
        return "v1." + ENCODER.encodeToString(body);
    }

    static CursorKey strangersKey(int seed) {
        byte[] secret = new byte[CursorKey.BYTES];
        Arrays.fill(secret, (byte) seed);
        return CursorKey.of(secret).orElseThrow();
    }

    static RunCursor shifted(RunCursor cursor, long change) {
        return new RunCursor(
                cursor.epoch(),
                cursor.partition(),
                cursor.runCheck(),
                cursor.spineOffset(),
                cursor.chapter(),
                cursor.eventIdPrefix(),
                cursor.sequence() + change,
                cursor.index());
    }
}
