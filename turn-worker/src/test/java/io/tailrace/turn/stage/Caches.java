package io.tailrace.turn.stage;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.work.KeptAnswer;
import io.tailrace.turn.answer.KeptAnswers;
import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Caches of answers in memory. */
final class Caches {
    private Caches() {}

    /** Nobody may ask it. */
    static AnswerCache none() {
        KeptAnswers never = new KeptAnswers() {
            @Override
            public Optional<KeptAnswer> find(
                    WorkspaceId workspace, String question, Duration notOlderThan, StopSignal stop) {
                throw new AssertionError("no answer is to be taken again");
            }

            @Override
            public void keep(KeptAnswer answer) {
                throw new AssertionError("no answer is to be kept");
            }
        };
        return new AnswerCache(
                never, new FakeTurnLog(), InstantSource.system(), new TurnMetrics(new SimpleMeterRegistry()));
    }

    /** A cache that stands in for the real one, with a clock that is moved by hand. */
    static final class Kept implements KeptAnswers {
        final List<KeptAnswer> all = new ArrayList<>();
        Instant now = Instant.parse("2026-11-30T12:00:00Z");

        /** What happens while somebody waits for an answer. */
        Runnable whileWaiting = () -> {};

        @Override
        public Optional<KeptAnswer> find(
                WorkspaceId workspace, String question, Duration notOlderThan, StopSignal stop) {
            whileWaiting.run();
            return all.reversed().stream()
                    .filter(_ -> stop.reason().isEmpty())
                    .filter(it ->
                            it.workspace().equals(workspace) && it.question().equals(question))
                    .filter(it -> !it.answeredAt().isBefore(now.minus(notOlderThan)))
                    .findFirst();
        }

        @Override
        public void keep(KeptAnswer answer) {
            all.add(answer);
        }

        AnswerCache cache(TurnLog turns, MeterRegistry registry) {
            return new AnswerCache(this, turns, () -> now, new TurnMetrics(registry));
        }
    }
}
