package io.tailrace.turn.knowledge;

import io.tailrace.events.plan.Retrieval.Source;
import io.tailrace.knowledge.index.Hit;
import io.tailrace.knowledge.index.Question;
import io.tailrace.knowledge.index.RepositoryIndex;
import io.tailrace.knowledge.index.RepositoryView;
import io.tailrace.knowledge.log.Reading;
import io.tailrace.knowledge.log.Repositories;
import io.tailrace.knowledge.log.RepositoryLog;
import io.tailrace.knowledge.log.RepositoryUnreadable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Asks one repository at a version, again and again until its index has come so far. Safe from any thread; blocks,
 * bounded by the caller's patience.
 */
final class SourceSearch {
    /**
     * How long a try may take. After one without progress the next may take twice as long, since an index that is large
     * takes its time to be opened, and is closed again if that does not end in time.
     */
    private static final Duration FIRST_TRY = Duration.ofSeconds(2);

    private final Repositories repositories;

    SourceSearch(Repositories repositories) {
        this.repositories = repositories;
    }

    /**
     * The best chunks, best first; empty if the attempt has to stop before.
     *
     * @throws RetrievalRefused when the version is no longer kept, or time is up and the log ends before it
     * @throws KafkaException when time is up and nobody knows whether the log has it
     */
    Optional<List<Hit>> ask(RepositoryLog log, Source source, Question question, int limit, Patience patience)
            throws RetrievalRefused {
        try {
            return askUntilThere(log, source, question, limit, patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while the repository " + log.name() + " was read", e);
        }
    }

    private Optional<List<Hit>> askUntilThere(
            RepositoryLog log, Source source, Question question, int limit, Patience patience)
            throws RetrievalRefused, InterruptedException {
        Duration aTry = FIRST_TRY;
        long known = RepositoryIndex.NOTHING;
        String state = "was not read";
        Exception cause = null;
        OptionalLong newest = OptionalLong.empty();
        while (!patience.isStopped()) {
            if (patience.left().isZero()) {
                if (newest.isPresent()) {
                    throw RetrievalRefused.unknownVersion(source, newest.getAsLong());
                }
                throw new TimeoutException(
                        "the repository " + log.name() + " is not there at version " + source.version()
                                + " in time: it " + state,
                        cause);
            }
            cause = null;
            newest = OptionalLong.empty();
            try {
                switch (repositories.at(log, source.version(), patience.leftUpTo(aTry))) {
                    case Reading.Found(RepositoryView view) -> {
                        try (view) {
                            return Optional.of(view.search(question, limit, limit));
                        }
                    }
                    case Reading.Forgotten(long oldest) -> throw RetrievalRefused.forgotten(source, oldest);
                    // A broker that has just become the leader may know of less than there is.
                    case Reading.Ahead(long end) -> newest = OptionalLong.of(end);
                    case Reading.Behind(long version) -> {
                        state = "has come to " + version;
                        aTry = version > known ? FIRST_TRY : patience.leftUpTo(aTry.multipliedBy(2));
                        known = Math.max(known, version);
                    }
                    case Reading.NoRoom _ -> state = "waits for others that are open";
                }
            } catch (RepositoryUnreadable | IOException e) {
                state = "cannot be read";
                cause = e;
            }
            patience.pause();
        }
        return Optional.empty();
    }
}
