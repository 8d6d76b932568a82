package io.tailrace.coordinator.decide;

import io.tailrace.events.id.AvroName;
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
 * @param firstClaimClock the tick clock when somebody claimed it first; present if somebody did
 * @param lastClaimClock the same of its holder
 * @param hasty how many holders in a row gave it back at once; always present
 */
@AvroName(namespace = "io.tailrace.coordinator.decide")
public record Holding(
        Fence fence,
        boolean released,
        Optional<Instant> firstClaimAt,
        Optional<Instant> lastClaimAt,
        Duration heardClock,
        Optional<Duration> firstClaimClock,
        Optional<Duration> lastClaimClock,
        Optional<Integer> hasty) {
    /** A holder that gives a stage back sooner, in time of the tick clock, has done nothing for it. */
    static final Duration HASTE = Duration.ofSeconds(10);

    static final Holding NOBODY = new Holding(
            Fence.OPEN,
            false,
            Optional.empty(),
            Optional.empty(),
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** The previous releases did not store the clocks: then they are those of the last record, which is no earlier. */
    public Holding {
        Duration heard = heardClock;
        firstClaimClock = firstClaimClock.or(() -> firstClaimAt.map(_ -> heard));
        lastClaimClock = lastClaimClock.or(() -> lastClaimAt.map(_ -> heard));
        hasty = hasty.or(() -> Optional.of(0));
    }

    /** How many holders in a row gave the stage back at once. */
    int hastyReleases() {
        return hasty.orElseThrow();
    }

    /** @throws IllegalStateException if the record is void */
    Holding counted(Change.Counted record) {
        EventHeaders headers = record.headers();
        Judgment judgment = fence.judge(headers);
        if (judgment.verdict() == Verdict.VOID) {
            throw new IllegalStateException("a void record was counted: " + headers);
        }
        boolean claims = judgment.verdict() == Verdict.CLAIMS;
        boolean givesBack = !claims && headers.type().equals(EventType.ATTEMPT_RELEASED.wireName());
        return new Holding(
                judgment.next(),
                givesBack || (released && !claims),
                firstClaimAt.or(() -> claims ? Optional.of(record.at()) : Optional.empty()),
                claims ? Optional.of(record.at()) : lastClaimAt,
                record.clock(),
                firstClaimClock.or(() -> claims ? Optional.of(record.clock()) : Optional.empty()),
                claims ? Optional.of(record.clock()) : lastClaimClock,
                Optional.of(givesBack && !released ? releasesAt(record.clock()) : hastyReleases()));
    }

    private int releasesAt(Duration clock) {
        Duration held = clock.minus(lastClaimClock.orElse(clock));
        return held.compareTo(HASTE) < 0 ? hastyReleases() + 1 : 0;
    }
}
