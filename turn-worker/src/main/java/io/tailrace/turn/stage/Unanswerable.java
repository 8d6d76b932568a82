package io.tailrace.turn.stage;

import io.tailrace.events.stage.TurnFailure;
import io.tailrace.worker.result.ResultUnavailable;
import java.util.Map;

/** A turn that no model can be asked; nothing was sent to a provider. */
final class Unanswerable extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // never serialized
    private final TurnFailure failure;

    private Unanswerable(TurnFailure failure) {
        super(failure.message());
        this.failure = failure;
    }

    /**
     * Without any history the context is still too large.
     *
     * @param tokens of what cannot be left out
     * @param limit how many there may be
     */
    static Unanswerable tooLong(TurnQuestion question, String model, long tokens, long limit) {
        String what = switch (question) {
            case TurnQuestion.ChatMessage _ -> "The message and the system text have about ";
            case TurnQuestion.PlanPrompt _ ->
                "The prompt and its system text, with the results of earlier steps in them, have about ";
        };
        String advice = switch (question) {
            case TurnQuestion.ChatMessage _ -> "Shorten the message";
            case TurnQuestion.PlanPrompt _ -> "Shorten the prompt, let the earlier steps answer with less";
        };
        return new Unanswerable(new TurnFailure(
                "context_overflow",
                what + tokens + " tokens, and " + model + " takes " + limit + " besides its answer. " + advice
                        + ", ask for fewer output tokens, or choose a model with a larger window.",
                false,
                Map.of("tokens", Long.toString(tokens), "limit", Long.toString(limit))));
    }

    static Unanswerable without(ResultUnavailable result) {
        return new Unanswerable(
                new TurnFailure(ResultUnavailable.CODE, result.reason(), false, Map.of("position", result.position())));
    }

    /** The request does not say where the result of a step lies that the prompt refers to. */
    static Unanswerable without(String step) {
        return new Unanswerable(new TurnFailure(
                ResultUnavailable.CODE,
                "The prompt refers to the result of the step " + step + ", and nobody said where it lies.",
                false,
                Map.of("step", step)));
    }

    static Unanswerable blank() {
        return new Unanswerable(new TurnFailure(
                "blank_prompt",
                "The prompt is blank: it has nothing but results of earlier steps, and those have no text.",
                false,
                Map.of()));
    }

    TurnFailure failure() {
        return failure;
    }
}
