package io.tailrace.coordinator.decide;

import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.StageFact;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFailure;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/** What turn-workers say, for scenes that know builds. */
final class TurnWords {
    private TurnWords() {}

    /** What a turn-worker says where a build-worker says this. */
    static TurnFact of(BuildFact fact) {
        return switch (fact) {
            case BuildFact.AttemptStarted _ -> new TurnFact.AttemptStarted(Scene.turn(1));
            case StageFact.AttemptReleased released -> new StageFact.AttemptReleased(released.reason());
            case StageFact.Heartbeat _ -> new StageFact.Heartbeat();
            case BuildFact.ConsoleLines lines ->
                new TurnFact.ModelDelta(Collections.nCopies(
                        lines.count(), new TurnFact.Delta(TurnFact.DeltaKind.TEXT, "x", Optional.empty())));
            case BuildFact.BuildCompleted completed -> end(completed.status(), Optional.empty());
            case BuildFact.BuildStarted _ ->
                new TurnFact.TurnStarted(Scene.turn(1), "message", "scripted", "echo", Optional.empty());
            case StageFact.StageAborted _,
                    StageFact.Tick _,
                    BuildFact.BuildCreated _,
                    BuildFact.BuildPhaseStarted _,
                    BuildFact.BuildPhaseCompleted _ -> throw new IllegalArgumentException("no turn says " + fact);
        };
    }

    /** The terminal record of a turn. */
    static TurnFact end(Outcome outcome, Optional<TurnFact.Compaction> compaction) {
        return end(
                outcome,
                compaction,
                new Usage(Optional.of(2L), Optional.empty(), Optional.of(3L), Optional.empty(), Optional.of(5L)));
    }

    /** The same with another usage. */
    static TurnFact end(Outcome outcome, Optional<TurnFact.Compaction> compaction, Usage usage) {
        TurnFact.TurnContent content = new TurnFact.TurnContent(
                Scene.turn(1),
                "message",
                AssistantMessage.EMPTY,
                "scripted",
                "echo",
                usage,
                Duration.ZERO,
                Optional.empty(),
                compaction);
        return switch (outcome) {
            case SUCCEEDED -> new TurnFact.TurnCompleted(content, TurnFact.FinishReason.STOP);
            case FAILED -> new TurnFact.TurnFailed(content, new TurnFailure("timeout", "Slow.", true, Map.of()));
            case CANCELED ->
                new TurnFact.TurnFailed(content, new TurnFailure(TurnFailure.CANCELED, "Canceled.", true, Map.of()));
        };
    }
}
