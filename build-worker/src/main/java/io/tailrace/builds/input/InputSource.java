package io.tailrace.builds.input;

import io.tailrace.events.plan.StepInput;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.events.work.StepResult;
import io.tailrace.worker.result.CallArguments;
import io.tailrace.worker.result.ResultUnavailable;
import io.tailrace.worker.result.StepResults;
import java.util.HashMap;
import java.util.Map;

/** Where the texts of a build's inputs come from. Confined to one thread. */
sealed interface InputSource {
    /** Of a request. Blocks while the log is read. */
    static InputSource of(BuildRequest request, StepResults results, CallArguments arguments) throws UnusableInput {
        if (request.call().isEmpty()) {
            return Steps.of(request, results);
        }
        if (request.step().inputList().isEmpty()) {
            return new Call(Map.of());
        }
        try {
            return new Call(arguments.texts(request.runId(), request.call().get()));
        } catch (ResultUnavailable e) {
            throw UnusableInput.unavailable(e);
        }
    }

    /** The input's text. Blocks while the log is read. */
    String text(StepInput input) throws UnusableInput;

    /** What people call it. */
    String name(StepInput input);

    /** Results of earlier steps. */
    record Steps(BuildRequest request, Map<String, StepResult> places, StepResults results) implements InputSource {
        static Steps of(BuildRequest request, StepResults results) {
            Map<String, StepResult> places = new HashMap<>();
            request.resultList().forEach(it -> places.put(it.step(), it));
            return new Steps(request, places, results);
        }

        @Override
        public String text(StepInput input) throws UnusableInput {
            StepResult place = places.get(input.from());
            if (place == null) {
                throw UnusableInput.unknown(input);
            }
            try {
                return results.text(request.runId(), place);
            } catch (ResultUnavailable e) {
                throw UnusableInput.unavailable(e);
            }
        }

        @Override
        public String name(StepInput input) {
            return "result of the step " + input.from();
        }
    }

    /** The arguments of the call that the build executes. */
    record Call(Map<String, String> texts) implements InputSource {
        @Override
        public String text(StepInput input) {
            return texts.getOrDefault(input.from(), "");
        }

        @Override
        public String name(StepInput input) {
            return "argument " + input.from();
        }
    }
}
