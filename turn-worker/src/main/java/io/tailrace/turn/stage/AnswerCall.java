package io.tailrace.turn.stage;

import io.tailrace.events.stage.AssistantMessage;
import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelProvider;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.worker.attempt.AttemptLost;
import java.util.Optional;

/** The provider call that answers a turn: what the model says goes to the log as it comes. Confined to the stage's thread. */
final class AnswerCall {
    private final ModelProvider provider;
    private final ModelCalls calls;
    private final DeltaWindow window;
    private final TurnReport report;

    AnswerCall(ModelProvider provider, ModelCalls calls, DeltaWindow window, TurnReport report) {
        this.provider = provider;
        this.calls = calls;
        this.window = window;
        this.report = report;
    }

    /**
     * What came of it.
     *
     * @param answer as far as it came
     * @param tooLarge whether the call was canceled because no record could hold the answer
     */
    record Result(CallEnd end, Answer answer, boolean tooLarge) {}

    /** Asks the model and waits for the end of the call; all that it said is in the log then, or on its way there. */
    Result ask(ModelRequest question) throws AttemptLost {
        Answer answer = new Answer();
        ProviderCall call = provider.start(question);
        boolean[] tooLarge = {false};
        CallEnd end = calls.run(call, delta -> {
            if (!tooLarge[0] && answer.add(delta)) {
                report.deltaCame();
                window.add(delta);
            } else {
                tooLarge[0] = true;
                call.cancel();
            }
        });
        window.flush();
        report.answer(answer.message());
        return new Result(end, answer, tooLarge[0]);
    }

    /** Says once more what an earlier attempt had of a whole answer. */
    void again(AssistantMessage message) throws AttemptLost {
        report.deltaCame();
        Optional<String> reasoning = message.reasoning();
        if (reasoning.isPresent()) {
            window.add(new ModelDelta.Reasoning(reasoning.get()));
        }
        if (!message.text().isEmpty()) {
            window.add(new ModelDelta.Text(message.text()));
        }
        for (int i = 0; i < message.toolCalls().size(); i++) {
            AssistantMessage.ToolCall call = message.toolCalls().get(i);
            window.add(new ModelDelta.ToolCall(i, call.id(), call.name(), call.arguments()));
        }
        window.flush();
        report.answer(message);
    }
}
