package io.tailrace.gateway.assistant;

import io.tailrace.events.plan.AssistantRun;
import io.tailrace.events.plan.Generation;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.StepLimits;
import io.tailrace.gateway.assistant.AssistantDocument.Input;
import io.tailrace.gateway.assistant.AssistantDocument.Knowledge;
import io.tailrace.gateway.assistant.AssistantDocument.Prompt;
import io.tailrace.gateway.assistant.Toolbox.DefinedTool;
import io.tailrace.gateway.assistant.Toolbox.ToolLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A definition as far as it could be read: what is wrong with one part keeps no other from being checked. */
record Draft(Optional<String> title, List<DraftInput> inputs, List<DraftPrompt> prompts, List<DraftOutput> outputs) {
    private static final String DEFAULT_OUTPUT = "result";

    Draft {
        inputs = List.copyOf(inputs);
        prompts = List.copyOf(prompts);
        outputs = List.copyOf(outputs);
    }

    /** An input whose name could be read, perhaps with more. */
    record DraftInput(String path, Optional<String> name, Optional<Input> input) {}

    /** A prompt of which all or little could be read. */
    record DraftPrompt(
            String path,
            Optional<Integer> id,
            Optional<String> name,
            Optional<String> text,
            Optional<String> system,
            Optional<ModelChoice> model,
            Generation generation,
            Optional<String> script,
            Optional<StepLimits> limits,
            Optional<Knowledge> knowledge,
            Optional<DraftTools> tools,
            Optional<Duration> cacheFor) {
        private Prompt prompt() {
            PromptStep step =
                    new PromptStep(name, text.orElseThrow(), model.orElseThrow(), system, generation, script, limits);
            return new Prompt(id.orElseThrow(), step, knowledge, tools.map(DraftTools::toolbox), cacheFor);
        }
    }

    /** The tools of a prompt. */
    record DraftTools(List<DraftTool> tools, ToolLimits limits) {
        DraftTools {
            tools = List.copyOf(tools);
        }

        private Toolbox toolbox() {
            return new Toolbox(tools.stream().map(it -> it.tool().orElseThrow()).toList(), limits);
        }
    }

    /** A tool of which all or little could be read. */
    record DraftTool(String path, Optional<String> name, Optional<DefinedTool> tool) {}

    /** An output, and the prompt whose answer it is. */
    record DraftOutput(String path, Optional<String> name, Optional<String> prompt) {}

    /** The definition. Only of a draft in which no errors were found. */
    AssistantDocument document() {
        List<Prompt> all = prompts.stream().map(DraftPrompt::prompt).toList();
        List<AssistantRun.Output> results = outputs.isEmpty()
                ? List.of(new AssistantRun.Output(DEFAULT_OUTPUT, all.getLast().name()))
                : outputs.stream()
                        .map(it -> new AssistantRun.Output(
                                it.name().orElseThrow(), it.prompt().orElseThrow()))
                        .toList();
        return new AssistantDocument(
                title, inputs.stream().map(it -> it.input().orElseThrow()).toList(), all, results);
    }
}
