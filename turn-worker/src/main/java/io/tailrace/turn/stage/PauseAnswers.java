package io.tailrace.turn.stage;

import io.tailrace.events.plan.Tool;
import io.tailrace.events.run.ApprovalDecision;
import io.tailrace.events.work.Continuation;
import io.tailrace.events.work.Continuation.BuildAnswer;
import io.tailrace.events.work.Continuation.CallAnswer;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.turn.tool.CallResult;
import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What became of the calls that a paused turn waited for. Immutable. */
final class PauseAnswers {
    private final TurnRequest request;
    private final List<CallAnswer> answers;
    private final TurnLog turns;
    private final int maxBytes;
    private final StopSignal stop;

    /** @param maxBytes of a result, in UTF-8 */
    PauseAnswers(TurnRequest request, TurnLog turns, int maxBytes, StopSignal stop) {
        this.request = request;
        this.answers = of(request).map(Continuation::answers).orElse(List.of());
        this.turns = turns;
        this.maxBytes = maxBytes;
        this.stop = stop;
    }

    /** What a request goes on from; nothing if its turn begins. */
    static Optional<Continuation> of(TurnRequest request) {
        return request.prompt().flatMap(TurnSource.PlanPrompt::continuation);
    }

    /** What is to be done about a call that waited. */
    sealed interface Decision {
        /** It may be executed now. */
        record Execute() implements Decision {}

        /** It has ended; the result is within its bound. */
        record Ended(CallResult result, Duration took) implements Decision {}

        /** The attempt is to stop before that is known. */
        record Stopped() implements Decision {}
    }

    /** Of a call of the round that waited. Nothing that needs a person's word is executed without it. Blocks while the log is read. */
    Decision decide(Tool tool, int round, int index) {
        Optional<CallAnswer> found = answers.stream()
                .filter(it -> it.round() == round && it.index() == index)
                .findFirst();
        if (found.isEmpty()) {
            return ended(notAnswered());
        }
        CallAnswer answer = found.get();
        if (answer.approval().equals(Optional.of(ApprovalDecision.DENIED))) {
            return ended(CallResult.refused(
                    "denied",
                    "Not executed: a person did not allow this call."
                            + answer.reason().map(it -> " The reason: " + it).orElse("")));
        }
        if (answer.approval().equals(Optional.of(ApprovalDecision.EXPIRED))) {
            return ended(CallResult.refused("approval_expired", "Not executed: nobody allowed this call in time."));
        }
        if (tool.approval().isPresent() && answer.approval().isEmpty()) {
            return ended(notAnswered());
        }
        if (tool.isExecutedInTurn()) {
            return new Decision.Execute();
        }
        return answer.build().map(this::built).orElseGet(() -> ended(notAnswered()));
    }

    private Decision built(BuildAnswer build) {
        Optional<BuildOutput> output = turns.build(request, build, maxBytes, stop);
        if (stop.reason().isPresent()) {
            return new Decision.Stopped();
        }
        return output.<Decision>map(it -> new Decision.Ended(it.told(build), it.took()))
                .orElseGet(() -> ended(CallResult.failed(
                        "result_lost",
                        "The build was executed, and what it printed is no longer there: the log has lost it.")));
    }

    private static CallResult notAnswered() {
        return CallResult.refused("not_answered", "Not executed: nothing is known of an answer to this call.");
    }

    private Decision ended(CallResult result) {
        return new Decision.Ended(result.cutTo(maxBytes), Duration.ZERO);
    }
}
