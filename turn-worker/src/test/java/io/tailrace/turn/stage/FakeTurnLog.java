package io.tailrace.turn.stage;

import io.tailrace.events.id.StageId;
import io.tailrace.events.log.LogPosition;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.plan.TurnInput;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.Continuation;
import io.tailrace.events.work.Continuation.BuildAnswer;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.worker.attempt.StopSignal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A log of turns in memory. */
final class FakeTurnLog implements TurnLog {
    /** Of ended turns, by where they lie. */
    final Map<ReusedAnswer, TurnFact.TurnCompleted> ends = new HashMap<>();

    /** Of which records it was asked whether they count. */
    final List<LogPosition> judged = new CopyOnWriteArrayList<>();

    Optional<TurnInput> input = Optional.empty();
    History history = new History(List.of(), 0);
    List<EarlierAttempt> earlier = new ArrayList<>();
    Standing standing = _ -> true;

    /** All attempts of the stages in which the turn was paused. */
    final List<EarlierAttempt> paused = new ArrayList<>();

    /** Whether the log no longer has them. */
    boolean roundsLost;

    /** What builds printed; a build without is lost. */
    final Map<StageId, BuildOutput> outputs = new HashMap<>();

    @Override
    public Optional<TurnInput> input(TurnRequest request) {
        return input;
    }

    @Override
    public History history(TurnRequest request) {
        return history;
    }

    @Override
    public Optional<TurnFact.TurnCompleted> answer(ReusedAnswer reused) {
        return Optional.ofNullable(ends.get(reused));
    }

    @Override
    public Standing standing(TurnRequest request) {
        return record -> {
            judged.add(record);
            return standing.counts(record);
        };
    }

    @Override
    public List<EarlierAttempt> earlier(TurnRequest request) {
        return earlier;
    }

    @Override
    public Optional<RecordedRounds> paused(TurnRequest request, Continuation continuation, StopSignal stop) {
        return roundsLost ? Optional.empty() : Optional.of(RecordedRounds.of(paused));
    }

    @Override
    public Optional<BuildOutput> build(TurnRequest request, BuildAnswer build, int maxBytes, StopSignal stop) {
        return Optional.ofNullable(outputs.get(build.stage()));
    }
}
