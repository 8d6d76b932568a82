package io.tailrace.gateway.cursor;

import io.tailrace.events.reading.CursorKey;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;

/** Cursors that are sealed with one key that is always the same. */
public final class FixedCursors implements SealingKeys {
    private final CursorKey key;

    private FixedCursors(CursorKey key) {
        this.key = key;
    }

    /** Sealed with the bytes 0, 1, 2 and so on. */
    public static Cursors create() {
        return new Cursors(keys());
    }

    /** Sealed likewise, of the log with epoch 1. */
    public static SubscriptionCursors ofSubscriptions(Checkpoints checkpoints) {
        FixedCursors keys = keys();
        return new SubscriptionCursors(
                keys, new Cursors(keys), checkpoints, () -> OptionalLong.of(1), Clock.systemUTC());
    }

    /** One key and no other. */
    static SealingKeys with(CursorKey key) {
        return new FixedCursors(key);
    }

    static FixedCursors keys() {
        byte[] secret = new byte[CursorKey.BYTES];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) i;
        }
        return new FixedCursors(CursorKey.of(secret).orElseThrow());
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
