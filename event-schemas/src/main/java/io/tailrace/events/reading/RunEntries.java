package io.tailrace.events.reading;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor.MalformedCursor;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far a client is in many runs, by their aliases, as tokens and checkpoints have it: an entry as in a
 * {@link RunsToken}, or an alias and a byte 0 for a run of which it has all. Immutable.
 */
final class RunEntries {
    private static final RunProgress OVER = new RunProgress.Over();

    private final Map<Long, RunProgress> claims;

    private RunEntries(Map<Long, RunProgress> claims) {
        this.claims = claims;
    }

    static byte[] entry(long alias, RunProgress progress, long epoch) {
        return switch (progress) {
            case RunProgress.At(RunPlace place) -> RunsToken.entry(alias, place, epoch);
            case RunProgress.Over() ->
                ByteBuffer.allocate(Long.BYTES + 1).putLong(alias).array();
        };
    }

    /**
     * Reads all that is left.
     *
     * @throws MalformedCursor if no gateway makes such entries
     */
    static RunEntries read(ByteBuffer in, long epoch, int atMost) throws MalformedCursor {
        Map<Long, RunProgress> claims = new HashMap<>();
        while (in.hasRemaining()) {
            if (claims.size() == atMost) {
                throw new MalformedCursor("it has more runs than any cursor");
            }
            long alias = RunsToken.take(in, Long.BYTES).getLong();
            if (claims.put(alias, progress(in, epoch)) != null) {
                throw new MalformedCursor("it has a run twice");
            }
        }
        return new RunEntries(claims);
    }

    private static RunProgress progress(ByteBuffer in, long epoch) throws MalformedCursor {
        if (in.hasRemaining() && in.get(in.position()) == 0) {
            in.position(in.position() + 1);
            return OVER;
        }
        return new RunProgress.At(RunsToken.place(in, epoch));
    }

    int size() {
        return claims.size();
    }

    /** That of a run, as the key names it. */
    Optional<RunProgress> of(CursorKey key, RunId run) {
        return Optional.ofNullable(claims.get(key.alias(run)))
                .map(it -> it instanceof RunProgress.At(RunPlace place)
                        ? new RunProgress.At(new RunPlace(place.cursor().of(run), place.proven()))
                        : it);
    }
}
