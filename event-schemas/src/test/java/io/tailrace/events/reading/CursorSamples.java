package io.tailrace.events.reading;

import io.tailrace.events.id.RunId;
import io.tailrace.events.reading.RunCursor.InChapter;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/** Keys, and cursors of any kind, for tests of tokens. */
final class CursorSamples {
    private CursorSamples() {}

    /** Another one for each seed. */
    static CursorKey key(int seed) {
        byte[] secret = new byte[CursorKey.BYTES];
        Arrays.fill(secret, (byte) seed);
        return CursorKey.of(secret).orElseThrow();
    }

    /** @param far above all of its offsets */
    static RunCursor cursor(RunId run, Random random, long epoch, long far) {
        if (random.nextInt(5) == 0) {
            return RunCursor.beforeFirst(epoch, random.nextInt(100), run);
        }
        Optional<InChapter> chapter = random.nextInt(3) == 0
                ? Optional.empty()
                : Optional.of(new InChapter(random.nextLong(far), random.nextLong(far) - 1, random.nextLong(far)));
        int index = 1 + random.nextInt(100_000);
        return new RunCursor(
                epoch,
                random.nextInt(100),
                run.check(),
                random.nextLong(far),
                chapter,
                random.nextInt(),
                index + random.nextLong(far - index),
                index);
    }
}
