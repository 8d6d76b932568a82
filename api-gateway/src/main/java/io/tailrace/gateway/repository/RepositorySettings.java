package io.tailrace.gateway.repository;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How this gateway serves repositories.
 *
 * @param dir for the indexes of this gateway alone; without one they lie in a temporary folder and are built anew by
 *     the next process
 * @param maxDocument the largest document, or lines of documents, that are read
 * @param maxOpen repositories whose indexes are open at the same time
 * @param answerWithin how long a request waits for an index to catch up, or for its turn to be uploaded
 * @param storeWithin how long the log may take for documents
 */
@ConfigurationProperties("tailrace.gateway.repositories")
public record RepositorySettings(
        @Nullable Path dir,
        @DefaultValue("16MB") DataSize maxDocument,
        @DefaultValue("16") int maxOpen,
        @DefaultValue("5s") Duration answerWithin,
        @DefaultValue("30s") Duration storeWithin) {
    private static final DataSize LARGEST = DataSize.ofMegabytes(64);
    private static final int MOST_OPEN = 1000;

    /** @throws IllegalArgumentException if a value is out of its bounds */
    public RepositorySettings {
        if (maxDocument.toBytes() < 1024 || maxDocument.compareTo(LARGEST) > 0) {
            throw new IllegalArgumentException("tailrace.gateway.repositories.max-document must be from 1KB to 64MB");
        }
        if (maxOpen < 1 || maxOpen > MOST_OPEN) {
            throw new IllegalArgumentException("tailrace.gateway.repositories.max-open must be from 1 to " + MOST_OPEN);
        }
        if (!answerWithin.isPositive() || answerWithin.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.gateway.repositories.answer-within must be above 0 and at most 1 minute");
        }
        if (!storeWithin.isPositive() || storeWithin.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.gateway.repositories.store-within must be above 0 and at most 10 minutes");
        }
    }
}
