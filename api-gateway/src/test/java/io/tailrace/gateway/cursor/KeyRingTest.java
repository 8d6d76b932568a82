package io.tailrace.gateway.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.reading.CursorKey;
import org.junit.jupiter.api.Test;

/** There is a key to seal with from the first one on, while the log is read anew too: a stream needs one to begin. */
class KeyRingTest {
    private static final CursorKey FIRST = key('1');
    private static final CursorKey SECOND = key('2');

    private final KeyRing ring = new KeyRing();

    private static CursorKey key(char digit) {
        return CursorKey.ofHex(String.valueOf(digit).repeat(2 * CursorKey.BYTES))
                .orElseThrow();
    }

    @Test
    void theKeyWrittenLastSealsAndEveryOneOpens() {
        ring.put("a", FIRST);
        ring.put("b", SECOND);

        assertThat(ring.sealing()).contains(SECOND);
        assertThat(ring.named(FIRST.id())).contains(FIRST);
        ring.revoke("b");
        assertThat(ring.sealing()).contains(FIRST);
        assertThat(ring.named(SECOND.id())).isEmpty();
    }

    @Test
    void whileTheLogIsReadAnewWhatWasKnownSeals() {
        ring.put("a", FIRST);
        ring.put("b", SECOND);
        ring.clear();
        assertThat(ring.isEmpty()).isTrue();
        assertThat(ring.sealing()).contains(SECOND);

        // A compacted topic may begin with the tombstone of a key that was revoked long ago.
        ring.revoke("of old");
        assertThat(ring.sealing()).contains(SECOND);
        ring.put("a", FIRST);
        assertThat(ring.isEmpty()).isFalse();
        assertThat(ring.sealing()).contains(FIRST);
    }

    @Test
    void theLastKeyThatIsRevokedSealsNothingMore() {
        ring.put("a", FIRST);
        ring.revoke("a");

        assertThat(ring.isEmpty()).isTrue();
        assertThat(ring.sealing()).isEmpty();
    }
}
