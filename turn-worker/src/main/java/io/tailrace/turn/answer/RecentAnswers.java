package io.tailrace.turn.answer;

import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.work.KeptAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The last answer to each of the last questions, in memory. Thread-safe. */
final class RecentAnswers {
    private final int most;
    private final InstantSource clock;

    /** In the order in which they came; an answer that comes again comes last. */
    private final Map<String, Kept> byKey = new LinkedHashMap<>();

    private record Kept(KeptAnswer answer, Instant since) {}

    /** @param most how many are remembered; the oldest go first */
    RecentAnswers(int most, InstantSource clock) {
        this.most = most;
        this.clock = clock;
    }

    /**
     * Takes the next answer of the log. One that says that it is from later than the log has it counts from when the log has it.
     *
     * @param logged when the log took it
     */
    synchronized void put(KeptAnswer answer, Instant logged) {
        Instant since = answer.answeredAt().isBefore(logged) ? answer.answeredAt() : logged;
        byKey.remove(answer.key());
        byKey.put(answer.key(), new Kept(answer, since));
        Iterator<String> oldest = byKey.keySet().iterator();
        while (byKey.size() > most && oldest.hasNext()) {
            oldest.next();
            oldest.remove();
        }
    }

    /** Forgets what stood under this key of the log. */
    synchronized void remove(String key) {
        byKey.remove(key);
    }

    synchronized Optional<KeptAnswer> find(WorkspaceId workspace, String question, Duration notOlderThan) {
        Instant from = clock.instant().minus(notOlderThan);
        return Optional.ofNullable(byKey.get(KeptAnswer.key(workspace, question)))
                .filter(it -> !it.since().isBefore(from))
                .map(Kept::answer);
    }

    synchronized int size() {
        return byKey.size();
    }
}
