package io.tailrace.gateway.cursor;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.CheckpointRef;
import io.tailrace.events.reading.CheckpointedPlaces;
import io.tailrace.events.reading.CheckpointedToken;
import io.tailrace.events.reading.CursorKey;
import io.tailrace.events.reading.PlacesCheckpoint;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.reading.RunCursor.MalformedCursor;
import io.tailrace.events.reading.RunPlace;
import io.tailrace.events.reading.RunProgress;
import io.tailrace.gateway.problem.RunProblem;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** Makes tokens of subscriptions, and places of tokens: the only way in or out. Thread-safe. */
public final class SubscriptionCursors {
    /**
     * A checkpoint older than this is not gone on from: the next token has all, or there is another one first. So a client
     * that stays connected and sees nothing happen for weeks never has one that the log is about to remove.
     */
    static final Duration STALE_AFTER = Duration.ofDays(1);

    private final SealingKeys keys;
    private final Cursors cursors;
    private final Checkpoints checkpoints;
    private final Supplier<OptionalLong> epoch;
    private final Clock clock;

    /** @param epoch of the log as it was seen last; empty before */
    SubscriptionCursors(
            SealingKeys keys, Cursors cursors, Checkpoints checkpoints, Supplier<OptionalLong> epoch, Clock clock) {
        this.keys = keys;
        this.cursors = cursors;
        this.checkpoints = checkpoints;
        this.epoch = epoch;
        this.clock = clock;
    }

    /** A checkpoint that was read, and the key that names its runs. */
    private record Read(CheckpointRef ref, PlacesCheckpoint places, CursorKey key, boolean stale) {}

    /**
     * The token of all places. Never blocks.
     *
     * @throws RunProblem {@code catalogue_behind} if there is no key yet
     */
    public String token(CheckpointedPlaces places) {
        return places.seal(keys.sealing());
    }

    /** The value of the next checkpoint; empty if one is on its way. Never blocks. */
    public Optional<byte[]> checkpoint(CheckpointedPlaces places) {
        return places.checkpoint(keys.sealing());
    }

    /**
     * What a client of these runs has: by the token of a subscription, of several runs, or by those of single ones. Blocks,
     * bounded.
     *
     * @throws RunProblem as {@link Cursors#given(String, List, List)}; {@code log_unreadable} if its checkpoint cannot be
     *     read now
     */
    public GivenPlaces given(String field, List<RunId> runs, List<String> texts) throws InterruptedException {
        long now = epoch.get().orElseThrow(RunProblem::catalogueBehind);
        if (texts.size() == 1 && texts.getFirst().startsWith(CheckpointedToken.PREFIX)) {
            return ofSubscription(field, runs, texts.getFirst(), now);
        }
        CheckpointedPlaces places = new CheckpointedPlaces(now);
        Map<RunId, GivenCursor> given = cursors.given(field, runs, texts);
        given.forEach((run, it) -> places.put(run, new RunProgress.At(new RunPlace(it.cursor(), it.sealed()))));
        return new GivenPlaces(given, Set.of(), places, false);
    }

    private GivenPlaces ofSubscription(String field, List<RunId> runs, String text, long now)
            throws InterruptedException {
        CheckpointedToken token;
        try {
            token = CheckpointedToken.parse(text);
        } catch (MalformedCursor e) {
            throw RunProblem.malformedCursor(field, String.valueOf(e.getMessage()));
        }
        Optional<CursorKey> key = keys.named(token.keyId());
        if (key.isPresent() && !token.isSealedBy(key.get())) {
            throw RunProblem.malformedCursor(field, Cursors.WRONG_SEAL);
        }
        // Without the key it proves nothing, not even which checkpoint it goes on from.
        Optional<CheckpointRef> ref = key.isPresent() ? token.base() : Optional.empty();
        Optional<Read> base = ref.isPresent() ? read(ref.get()) : Optional.empty();
        boolean lost = key.isEmpty() || (ref.isPresent() && base.isEmpty());
        Map<RunId, RunProgress> said = new LinkedHashMap<>();
        Map<RunId, RunProgress> moved = new LinkedHashMap<>();
        for (RunId run : runs) {
            Optional<RunProgress> since = key.flatMap(it -> token.of(it, run));
            Optional<RunProgress> before = base.flatMap(it -> it.places().of(it.key(), run));
            if (since.isPresent()) {
                moved.put(
                        run, since.map(it -> ofLog(it, run, token.epoch(), now)).get());
            } else if (before.isPresent()) {
                long then = base.get().places().epoch();
                said.put(run, before.map(it -> ofLog(it, run, then, now)).get());
            } else if (lost) {
                moved.put(run, unproven(run, token.epoch()));
            }
        }
        int claimed = token.moved() + base.map(it -> it.places().runs()).orElse(0);
        if (said.isEmpty() && moved.isEmpty() && claimed > 0) {
            throw RunProblem.foreignCursor(field);
        }
        CheckpointedPlaces places = new CheckpointedPlaces(now);
        if (base.isPresent() && !base.get().stale()) {
            places.resume(base.get().ref(), said);
        } else {
            said.forEach(places::put);
        }
        moved.forEach(places::put);
        said.putAll(moved);
        return given(field, text, said, places, ref.isPresent() && base.isEmpty());
    }

    private static GivenPlaces given(
            String field, String text, Map<RunId, RunProgress> all, CheckpointedPlaces places, boolean lost) {
        Map<RunId, GivenCursor> cursors = new HashMap<>();
        Set<RunId> over = new HashSet<>();
        all.forEach((run, progress) -> {
            switch (progress) {
                case RunProgress.At(RunPlace place) ->
                    cursors.put(run, new GivenCursor(run, field, text, place.cursor(), place.proven()));
                case RunProgress.Over() -> over.add(run);
            }
        });
        return new GivenPlaces(cursors, over, places, lost);
    }

    /** That a run is over is known of the log that it was over in. */
    private static RunProgress ofLog(RunProgress said, RunId run, long then, long now) {
        return said instanceof RunProgress.Over && then != now ? unproven(run, then) : said;
    }

    private static RunProgress unproven(RunId run, long epoch) {
        return new RunProgress.At(new RunPlace(RunCursor.beforeFirst(epoch, 0, run), false));
    }

    private Optional<Read> read(CheckpointRef ref) throws InterruptedException {
        Optional<Checkpoints.Stored> stored = checkpoints.read(ref);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        PlacesCheckpoint places = stored.get().places();
        boolean stale = stored.get().writtenAt().plus(STALE_AFTER).isBefore(clock.instant());
        return keys.named(places.keyId()).map(it -> new Read(ref, places, it, stale));
    }
}
