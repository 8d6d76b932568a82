package io.tailrace.coordinator.decide;

import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.EventType;
import io.tailrace.events.reading.Fence;
import io.tailrace.events.reading.Fence.Judgment;
import io.tailrace.events.reading.Fence.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who holds a stage, and since when.
 *
 * @param fence the fence after the stage's last record
 * @param released whether the holder has given the stage back
 * @param firstClaimAt when somebody claimed it first
 * @param lastClaimAt when its holder claimed it
 * @param heardClock the tick clock when the holder's last record was read
 */
public record Holding(
        Fence fence,
        boolean released,
        Optional<Instant> firstClaimAt,
        Optional<Instant> lastClaimAt,
        Duration heardClock) {
    static final Holding NOBODY = new Holding(Fence.OPEN, false, Optional.empty(), Optional.empty(), Duration.ZERO);

    /** @throws IllegalStateException if the record is void */
    Holding counted(Change.Counted record) {
        EventHeaders headers = record.headers();
        Judgment judgment = fence.judge(headers);
        if (judgment.verdict() == Verdict.VOID) {
            throw new IllegalStateException("a void record was counted: " + headers);
        }
        boolean claims = judgment.verdict() == Verdict.CLAIMS;
        boolean givesBack = headers.type().equals(EventType.ATTEMPT_RELEASED.wireName());
        return new Holding(
                judgment.next(),
                givesBack || (released && !claims),
                firstClaimAt.or(() -> claims ? Optional.of(record.at()) : Optional.empty()),
                claims ? Optional.of(record.at()) : lastClaimAt,
                record.clock());
    }
}
