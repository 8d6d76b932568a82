package io.tailrace.turn.knowledge;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this worker searches repositories.
 *
 * @param dir for the indexes of this worker alone; without one they lie in a temporary folder and are built anew by the
 *     next process
 * @param maxOpen repositories whose indexes are open at the same time
 * @param answerWithin how long one retrieval may take, be it that indexes are built for it; then the turn is given back
 * @param keepUnused how long an index stays that nobody asks
 */
@ConfigurationProperties("tailrace.worker.knowledge")
public record KnowledgeSettings(
        @Nullable Path dir,
        @DefaultValue("4") int maxOpen,
        @DefaultValue("2m") Duration answerWithin,
        @DefaultValue("1d") Duration keepUnused) {
    private static final String PREFIX = "tailrace.worker.knowledge.";
    private static final int MOST_OPEN = 1000;
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration SHORTEST_KEPT = Duration.ofMinutes(1);
    private static final Duration LONGEST_KEPT = Duration.ofDays(365);

    /** @throws IllegalArgumentException if a value is out of its bounds */
    public KnowledgeSettings {
        if (maxOpen < 1 || maxOpen > MOST_OPEN) {
            throw new IllegalArgumentException(PREFIX + "max-open must be from 1 to " + MOST_OPEN + ", not " + maxOpen);
        }
        if (!answerWithin.isPositive() || answerWithin.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    PREFIX + "answer-within must be above 0 and at most 1 hour, not " + answerWithin);
        }
        if (keepUnused.compareTo(SHORTEST_KEPT) < 0 || keepUnused.compareTo(LONGEST_KEPT) > 0) {
            throw new IllegalArgumentException(
                    PREFIX + "keep-unused must be from 1 minute to 365 days, not " + keepUnused);
        }
    }
}
