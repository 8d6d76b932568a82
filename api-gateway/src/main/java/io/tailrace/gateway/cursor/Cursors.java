package io.tailrace.gateway.cursor;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.CheckpointedToken;
import io.tailrace.events.reading.CursorKey;
import io.tailrace.events.reading.CursorToken;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.reading.RunPlaces;
import io.tailrace.events.reading.RunsToken;
import io.tailrace.gateway.problem.RunProblem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes tokens of cursors, and cursors of tokens: the only way in or out. Thread-safe. */
public final class Cursors {
    static final String WRONG_SEAL = "its seal is wrong: it was changed or cut off";

    private final SealingKeys keys;

    Cursors(SealingKeys keys) {
        this.keys = keys;
    }

    /**
     * Checks that tokens can be made. Never blocks.
     *
     * @throws RunProblem {@code catalogue_behind} as long as there is no key
     */
    public void requireKey() {
        CursorKey _ = keys.sealing();
    }

    /**
     * The token of a place in a run. Only for places that this gateway has read or was given sealed. Never blocks.
     *
     * @throws RunProblem {@code catalogue_behind} if there is no key yet
     */
    public String token(RunId run, RunCursor cursor) {
        return keys.sealing().seal(run, cursor);
    }

    /**
     * The cursor that a client sent for a run. One of an older release, or of a key that the log has no more, proves
     * nothing, and is no error: a browser would never ask again. Blocks, bounded, if its key is not known here.
     *
     * @param field where it came from
     * @throws RunProblem {@code malformed_cursor} if no gateway made it, {@code foreign_cursor} if it is of another run,
     *     {@code catalogue_behind} if it cannot be told
     */
    public GivenCursor given(String field, RunId run, String text) throws InterruptedException {
        if (text.startsWith(RunsToken.PREFIX)) {
            throw RunProblem.malformedCursor(
                    field, "it is of a stream of several runs, which /v1/streams goes on with");
        }
        refuseOfSubscription(field, text);
        return given(field, List.of(run), text);
    }

    private GivenCursor given(String field, List<RunId> candidates, String text) throws InterruptedException {
        CursorToken token;
        try {
            token = CursorToken.parse(text);
        } catch (RunCursor.MalformedCursor e) {
            throw RunProblem.malformedCursor(field, String.valueOf(e.getMessage()));
        }
        RunId run = candidates.stream()
                .filter(it -> token.claimed().isOf(it))
                .findFirst()
                .orElseThrow(() -> RunProblem.foreignCursor(field));
        Optional<CursorKey> key =
                token.keyId().isPresent() ? keys.named(token.keyId().getAsInt()) : Optional.empty();
        if (key.isPresent() && !token.isSealedBy(key.get(), run)) {
            throw RunProblem.malformedCursor(field, WRONG_SEAL);
        }
        return new GivenCursor(run, field, text, token.claimed(), key.isPresent());
    }

    /** The token of a place in each of several runs, under the same rules. */
    public String token(RunPlaces places) {
        return places.seal(keys.sealing());
    }

    /**
     * The cursors that a client sent for several runs: a token of several, of which those that are not asked for are left
     * out, or tokens of single ones. Blocks as {@link #given(String, RunId, String)}.
     *
     * @return by run; those that no token has are not among them
     * @throws RunProblem as {@link #given(String, RunId, String)}; {@code foreign_cursor} if none of a token's runs is asked for
     */
    public Map<RunId, GivenCursor> given(String field, List<RunId> runs, List<String> texts)
            throws InterruptedException {
        Map<RunId, GivenCursor> found = new LinkedHashMap<>();
        for (String text : texts) {
            refuseOfSubscription(field, text);
            List<GivenCursor> more = text.startsWith(RunsToken.PREFIX)
                    ? ofSeveral(field, runs, text)
                    : List.of(given(field, runs, text));
            for (GivenCursor each : more) {
                if (found.put(each.run(), each) != null) {
                    throw RunProblem.malformedCursor(field, "there are two for the run " + each.run());
                }
            }
        }
        return found;
    }

    private List<GivenCursor> ofSeveral(String field, List<RunId> runs, String text) throws InterruptedException {
        RunsToken token;
        try {
            token = RunsToken.parse(text);
        } catch (RunCursor.MalformedCursor e) {
            throw RunProblem.malformedCursor(field, String.valueOf(e.getMessage()));
        }
        Optional<CursorKey> key = keys.named(token.keyId());
        if (key.isEmpty()) {
            // Which runs it has only that key can tell; of none it proves anything.
            return runs.stream()
                    .map(it -> new GivenCursor(it, field, text, RunCursor.beforeFirst(token.epoch(), 0, it), false))
                    .toList();
        }
        if (!token.isSealedBy(key.get())) {
            throw RunProblem.malformedCursor(field, WRONG_SEAL);
        }
        List<GivenCursor> found = new ArrayList<>();
        for (RunId run : runs) {
            token.of(key.get(), run)
                    .ifPresent(it -> found.add(new GivenCursor(run, field, text, it.cursor(), it.proven())));
        }
        if (found.isEmpty() && token.runs() > 0) {
            throw RunProblem.foreignCursor(field);
        }
        return found;
    }

    private static void refuseOfSubscription(String field, String text) {
        if (text.startsWith(CheckpointedToken.PREFIX)) {
            throw RunProblem.malformedCursor(
                    field, "it is of a subscription, whose stream /v1/subscriptions/{id}/stream goes on with");
        }
    }
}
