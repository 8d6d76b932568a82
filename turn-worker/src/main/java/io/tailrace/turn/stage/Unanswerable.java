package io.tailrace.turn.stage;

import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.stage.TurnFailure;
import io.tailrace.turn.knowledge.RetrievalRefused;
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

    /** With what tools answered the context is too large for another call. */
    static Unanswerable toolsTooLong(String model, long tokens, long limit) {
        return new Unanswerable(new TurnFailure(
                "context_overflow",
                "With the results of its tools the prompt has about " + tokens + " tokens, and " + model + " takes "
                        + limit + " besides its answer. Permit fewer calls, shorter results (max_result_bytes), or"
                        + " choose a model with a larger window.",
                false,
                Map.of("tokens", Long.toString(tokens), "limit", Long.toString(limit), "part", "tool_results")));
    }

    /** The prompt has tools, and its model cannot call any. */
    static Unanswerable withoutTools(String model) {
        return new Unanswerable(new TurnFailure(
                "tools_unsupported",
                "The prompt has tools, and the model " + model
                        + " cannot call any, as the providers file has it. Choose"
                        + " another model, or add tools to its capabilities.",
                false,
                Map.of("model", model)));
    }

    /** The model calls tools although it has no calls left. */
    static Unanswerable toolLimit(String what, int rounds, int calls) {
        return new Unanswerable(new TurnFailure(
                "tool_limit",
                what + " Permit more rounds, or change the prompt.",
                false,
                Map.of("rounds", Integer.toString(rounds), "calls", Integer.toString(calls))));
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

    static Unanswerable without(RetrievalRefused retrieval) {
        return new Unanswerable(retrieval.failure());
    }

    /** The prompt's text refers to a variable that its step does not have. */
    static Unanswerable withoutVariable(String name) {
        return new Unanswerable(new TurnFailure(
                "unknown_variable",
                "The prompt refers to the variable " + name + ", and the run has none of this name.",
                false,
                Map.of("variable", name)));
    }

    /** Where the reused answer should lie the log has nothing, or something else. A new run looks anew. */
    static Unanswerable withoutReused(ReusedAnswer answer) {
        return new Unanswerable(new TurnFailure(
                ResultUnavailable.CODE,
                "The answer that was to be used again is not where it should lie (" + answer.position()
                        + "): it is older than what the log keeps, or the log lost records. Run it once more.",
                true,
                Map.of(
                        "position",
                        answer.position().toString(),
                        "stage",
                        answer.stage().value())));
    }

    /** The turn was paused, and the log does not have what it was paused with. Nothing is executed twice for that. */
    static Unanswerable withoutRounds() {
        return new Unanswerable(new TurnFailure(
                "rounds_lost",
                "The turn waited, and the log no longer has what its tools did before: it is older than what the log"
                        + " keeps, or the log lost records. Start the run anew.",
                false,
                Map.of()));
    }

    static Unanswerable blank() {
        return new Unanswerable(new TurnFailure(
                "blank_prompt",
                "The prompt is blank: what it refers to has no text, and it has none of its own.",
                false,
                Map.of()));
    }

    TurnFailure failure() {
        return failure;
    }
}
