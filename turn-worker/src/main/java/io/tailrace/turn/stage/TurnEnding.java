package io.tailrace.turn.stage;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.run.Usage;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.turn.provider.CallEnd;
import io.tailrace.worker.attempt.AttemptLost;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.util.Map;
import java.util.Optional;

/** How a turn ends: by its answer, by what ended the call, or by the answer of an earlier attempt. Confined to the stage's thread. */
final class TurnEnding {
    private final ModelCalls calls;
    private final TurnReport report;
    private final StopSignal stop;
    private final TurnMetrics metrics;

    TurnEnding(ModelCalls calls, TurnReport report, StopSignal stop, TurnMetrics metrics) {
        this.calls = calls;
        this.report = report;
        this.stop = stop;
        this.metrics = metrics;
    }

    /**
     * After the call that answers; a turn whose worker shuts down is not ended, but given back.
     *
     * @return where the turn's end lies, if the model said all that it wanted to
     */
    Optional<LogPosition> after(AnswerCall.Result result, long contextTokens) throws AttemptLost {
        Answer answer = result.answer();
        switch (result.end()) {
            case CallEnd.Finished finished -> {
                TurnFact.FinishReason reason = ProviderMapping.reason(finished.reason());
                calls.used(ProviderMapping.usage(finished.usage()));
                report.checkpoint(calls.made(), Optional.of(reason));
                LogPosition end = report.complete(reason);
                return reason == TurnFact.FinishReason.STOP ? Optional.of(end) : Optional.empty();
            }
            case CallEnd.Failed failed -> {
                cutOff(failed.partial().map(ProviderMapping::usage), answer, contextTokens);
                metrics.failed(failed.failure().code().text());
                report.fail(ProviderMapping.failure(failed.failure()));
            }
            case CallEnd.Canceled canceled -> {
                if (!result.tooLarge() && stop.reason().equals(Optional.of(StopReason.SHUTDOWN))) {
                    return Optional.empty();
                }
                cutOff(canceled.partial().map(ProviderMapping::usage), answer, contextTokens);
                report.fail(result.tooLarge() ? tooLarge() : canceled());
            }
        }
        return Optional.empty();
    }

    /** By the complete answer of an earlier attempt, which could not end the turn with it. */
    void again(TurnFact.TurnCheckpointed done, AnswerCall answer) throws AttemptLost {
        answer.again(done.message());
        report.complete(done.finishReason().orElseThrow());
    }

    /** What a call took that did not come to its end: as the provider told it, or estimated from the texts. */
    private void cutOff(Optional<Usage> told, Answer answer, long contextTokens) throws AttemptLost {
        if (told.filter(it -> !it.equals(Usage.NONE)).isPresent()) {
            calls.used(told.get());
        } else if (answer.hasBegun()) {
            long output = answer.tokens();
            calls.usedAbout(new Usage(
                    Optional.of(contextTokens),
                    Optional.empty(),
                    Optional.of(output),
                    Optional.empty(),
                    Optional.of(contextTokens + output)));
        }
        report.checkpoint(calls.made(), Optional.empty());
    }

    private static TurnFailure tooLarge() {
        return new TurnFailure(
                "answer_too_large",
                "The answer is larger than " + Answer.MAX_BYTES + " bytes; what came until then is kept. Limit it by"
                        + " max_output_tokens.",
                false,
                Map.of("max_bytes", Integer.toString(Answer.MAX_BYTES)));
    }

    static TurnFailure canceled() {
        return new TurnFailure(TurnFailure.CANCELED, "Canceled; what came until then is kept.", true, Map.of());
    }
}
