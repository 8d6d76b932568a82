package io.tailrace.turn.provider.call;

import io.tailrace.turn.provider.CallTimeouts;
import java.time.Duration;
import java.util.Locale;

/** What a provider took too long for. */
enum Limit {
    FIRST_BYTE,
    BETWEEN_BYTES,
    TOTAL,
    /** It kept the stream open after its terminal event, which is no failure. */
    TAIL;

    /** After the terminal event only the usage may follow. */
    static final Duration TAIL_ALLOWED = Duration.ofSeconds(1);

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    Duration of(CallTimeouts timeouts) {
        return switch (this) {
            case FIRST_BYTE -> timeouts.firstByte();
            case BETWEEN_BYTES -> timeouts.betweenBytes();
            case TOTAL -> timeouts.total();
            case TAIL -> TAIL_ALLOWED;
        };
    }
}
