package io.tailrace.gateway.command;

import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.TurnId;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** New ids: time-ordered UUIDs (version 7 of RFC 9562). As thread-safe as its source of randomness. */
final class CommandIds {
    private final InstantSource clock;
    private final RandomGenerator random;

    CommandIds(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    RunId run() {
        return RunId.of(uuid());
    }

    TurnId turn() {
        return TurnId.of(uuid());
    }

    EventId command() {
        return EventId.of(uuid());
    }

    UUID uuid() {
        long high = (clock.millis() << 16) | 0x7000L | (random.nextLong() & 0x0fffL);
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
