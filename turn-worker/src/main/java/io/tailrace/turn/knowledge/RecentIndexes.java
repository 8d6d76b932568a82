package io.tailrace.turn.knowledge;

import io.tailrace.knowledge.log.Repositories;
import io.tailrace.knowledge.log.RepositoryLog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes indexes that nobody has asked for some time, such as those of repositories that were deleted. One that is
 * missed is built anew. Looks when a repository is asked, once in that time. Thread-safe.
 */
final class RecentIndexes {
    private static final Logger LOG = LoggerFactory.getLogger(RecentIndexes.class);

    private final Repositories repositories;
    private final Duration keep;
    private final InstantSource clock;
    private final Map<RepositoryLog, Instant> asked = new HashMap<>();
    private Instant nextLook;

    RecentIndexes(Repositories repositories, Duration keep, InstantSource clock) {
        this.repositories = repositories;
        this.keep = keep;
        this.clock = clock;
        this.nextLook = clock.instant().plus(keep);
    }

    /** This one is about to be asked. */
    synchronized void asks(RepositoryLog log) {
        Instant now = clock.instant();
        asked.put(log, now);
        if (now.isBefore(nextLook)) {
            return;
        }
        nextLook = now.plus(keep);
        asked.values().removeIf(it -> it.isBefore(now.minus(keep)));
        try {
            repositories.keepOnly(List.copyOf(asked.keySet()));
        } catch (IOException | KafkaException e) {
            LOG.warn("Indexes that nobody asks could not be removed; the next look tries again", e);
        }
    }
}
