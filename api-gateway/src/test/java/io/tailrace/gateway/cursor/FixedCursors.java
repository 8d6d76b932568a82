package io.tailrace.gateway.cursor;

import io.tailrace.events.reading.CursorKey;
import java.util.Optional;

/** Cursors that are sealed with one key that is always the same. */
public final class FixedCursors implements SealingKeys {
    private final CursorKey key;

    private FixedCursors(CursorKey key) {
        this.key = key;
    }

    /** Sealed with the bytes 0, 1, 2 and so on. */
    public static Cursors create() {
        byte[] secret = new byte[CursorKey.BYTES];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) i;
        }
        return new Cursors(new FixedCursors(CursorKey.of(secret).orElseThrow()));
    }

    @Override
    public CursorKey sealing() {
        return key;
    }

    @Override
    public Optional<CursorKey> named(int id) {
        return Optional.of(key).filter(it -> it.id() == id);
    }
}
