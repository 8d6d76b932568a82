package io.tailrace.turn.stage;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.KeptAnswer;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.turn.answer.KeptAnswers;
import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** The answers that prompts with a cache take and leave. Thread-safe. */
final class AnswerCache {
    private final KeptAnswers kept;
    private final TurnLog turns;
    private final InstantSource clock;
    private final TurnMetrics metrics;

    AnswerCache(KeptAnswers kept, TurnLog turns, InstantSource clock, TurnMetrics metrics) {
        this.kept = kept;
        this.turns = turns;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** An answer that may be given again. */
    record Hit(ReusedAnswer reused, TurnFact.TurnCompleted answer) {}

    /** The last whole answer to this question, if it was given no longer ago and the log still has it. Blocks, until a stop. */
    Optional<Hit> find(TurnRequest request, String question, Duration notOlderThan, StopSignal stop) {
        Optional<Hit> hit = kept.find(request.workspace(), question, notOlderThan, stop)
                .map(it -> new ReusedAnswer(it.stage(), it.position(), ReusedAnswer.Reason.CACHE))
                .flatMap(it -> turns.answer(it)
                        .filter(answer -> answer.finishReason() == TurnFact.FinishReason.STOP)
                        .map(answer -> new Hit(it, answer)));
        metrics.cache(hit.isPresent());
        return hit;
    }

    /** This stage has answered the question, whole; its end lies here. */
    void keep(TurnRequest request, String question, LogPosition end) {
        kept.keep(new KeptAnswer(request.workspace(), question, request.stageId(), end, clock.instant()));
    }
}
