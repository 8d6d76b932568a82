package io.tailrace.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CommandIdsTest {
    private static final Instant TIME = Instant.parse("2026-11-21T10:00:00.123Z");

    @Test
    void idsAreUuidsOfVersion7WithTheTimeInFront() {
        CommandIds ids = new CommandIds(InstantSource.fixed(TIME), new Random(7));

        for (int i = 0; i < 1000; i++) {
            UUID id = ids.uuid();
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(TIME.toEpochMilli());
        }
    }

    @Test
    void laterIdsSortAfterEarlierOnes() {
        String earlier =
                new CommandIds(InstantSource.fixed(TIME), new Random(7)).run().value();
        String later = new CommandIds(InstantSource.fixed(TIME.plusMillis(1)), new Random(7))
                .run()
                .value();

        assertThat(earlier).isLessThan(later);
    }
}
