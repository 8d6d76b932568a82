package io.tailrace.runlog;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.runlog.LogSource.Place;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * Lookups of the same record at the same moment, done once: the watchers of a run whose gateway is gone come together and
 * with the same cursor. Only a record that was found is shared, because it is the same for all; what was not found may be
 * there for who asks a moment later. Nothing is kept when a lookup is over. Thread-safe.
 */
final class SharedLookups {
    private final Map<Key, CompletableFuture<Optional<Place>>> underWay = new ConcurrentHashMap<>();

    /** A record to be looked up in the log of this epoch; which it is may not be known yet. */
    record Key(OptionalLong epoch, RunId run, LogPosition position) {}

    /** A lookup in the log. */
    @FunctionalInterface
    interface Lookup {
        Place look() throws LogUnreadable, InterruptedException;
    }

    /** What there is; looked up by this thread, unless another is just doing so and finds it. */
    Place at(Key key, Lookup lookup) throws LogUnreadable, InterruptedException {
        CompletableFuture<Optional<Place>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<Place>> other = underWay.putIfAbsent(key, mine);
        if (other != null) {
            Optional<Place> found = found(other);
            return found.isPresent() ? found.get() : lookup.look();
        }
        Optional<Place> found = Optional.empty();
        try {
            Place place = lookup.look();
            found = Optional.of(place).filter(Place.Present.class::isInstance);
            return place;
        } finally {
            underWay.remove(key);
            mine.complete(found);
        }
    }

    private static Optional<Place> found(CompletableFuture<Optional<Place>> other) throws InterruptedException {
        try {
            return other.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a lookup that failed says that it found nothing", e);
        }
    }
}
