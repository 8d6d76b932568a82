package io.tailrace.gateway.cursor;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.CursorKey;
import io.tailrace.events.reading.CursorToken;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.gateway.problem.RunProblem;
import java.util.Optional;

/** Makes tokens of cursors, and cursors of tokens: the only way in or out. Thread-safe. */
public final class Cursors {
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
        CursorToken token;
        try {
            token = CursorToken.parse(text);
        } catch (RunCursor.MalformedCursor e) {
            throw RunProblem.malformedCursor(field, String.valueOf(e.getMessage()));
        }
        if (!token.claimed().isOf(run)) {
            throw RunProblem.foreignCursor(field);
        }
        Optional<CursorKey> key =
                token.keyId().isPresent() ? keys.named(token.keyId().getAsInt()) : Optional.empty();
        if (key.isPresent() && !token.isSealedBy(key.get(), run)) {
            throw RunProblem.malformedCursor(field, "its seal is wrong: it was changed or cut off");
        }
        return new GivenCursor(field, text, token.claimed(), key.isPresent());
    }
}
