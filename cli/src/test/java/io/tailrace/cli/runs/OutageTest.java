package io.tailrace.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class OutageTest {
    private final Outage outage = new Outage(
            URI.create("http://127.0.0.1:8080"), Clock.fixed(Instant.parse("2026-11-21T22:00:00Z"), ZoneOffset.UTC));

    @Test
    void aGatewayThatWasNeverThereIsNamedOnceAndUntilWhenItIsTried() {
        assertThat(outage.lost("nobody answers there", Duration.ofMinutes(5)))
                .contains("cannot reach the gateway at http://127.0.0.1:8080 (nobody answers there);"
                        + " trying again until 22:05:00");
        assertThat(outage.lost("nobody answers there", Duration.ofMinutes(4))).isEmpty();
        assertThat(outage.back()).contains("connected");
    }

    @Test
    void aLostOneIsSaidToBeLostEachTime() {
        assertThat(outage.back()).isEmpty();
        for (int i = 0; i < 2; i++) {
            assertThat(outage.lost("closed", Duration.ofMinutes(5)))
                    .contains("lost the gateway (closed); trying again until 22:05:00, nothing will be missing");
            assertThat(outage.back()).contains("connected again");
        }
    }
}
