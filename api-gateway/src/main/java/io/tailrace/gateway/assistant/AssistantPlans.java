package io.tailrace.gateway.assistant;

import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.AssistantPrompt.Variable;
import io.tailrace.events.plan.AssistantRun;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.gateway.assistant.AssistantCatalogue.KnownAssistant;
import io.tailrace.gateway.assistant.AssistantDocument.Prompt;
import io.tailrace.gateway.problem.AssistantProblem;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.repository.RepositoryPins;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Makes the plan of a run of what an assistant is at this moment. Blocks its callers, bounded; thread-safe. */
final class AssistantPlans {
    private final Assistants assistants;
    private final RepositoryPins repositories;

    AssistantPlans(Assistants assistants, RepositoryPins repositories) {
        this.assistants = assistants;
        this.repositories = repositories;
    }

    /**
     * The plan, with the inputs and the versions of repositories in it.
     *
     * @throws InvalidInput if the inputs are no object
     * @throws RunProblem if there is no such assistant, or something is wrong with it or the inputs
     */
    Plan plan(WorkspaceId workspace, AssistantCall call) throws InterruptedException, InvalidInput {
        KnownAssistant known = assistants
                .find(workspace, call.assistant())
                .orElseThrow(() -> AssistantProblem.unknownAssistantIn(
                        "assistant", workspace, call.assistant().toString()));
        Findings findings = new Findings();
        AssistantDocument document =
                assistants.check(known, findings).orElseThrow(() -> AssistantProblem.invalid(findings.errors()));
        InputValues values = InputValues.read(document, call.inputs(), findings);
        for (String name : values.missing()) {
            findings.error(InputValues.path(name), "missing_input", "The assistant needs the input " + name);
        }
        if (findings.hasErrors()) {
            throw AssistantProblem.invalidInputs(findings.errors());
        }
        KnowledgePins pins = KnowledgePins.of(
                workspace,
                document.prompts().stream()
                        .flatMap(it -> Stream.concat(
                                it.knowledge().stream(),
                                it.toolbox().stream().flatMap(tools -> tools.searched().stream())))
                        .toList(),
                repositories);
        List<PromptStep> steps = new ArrayList<>();
        for (Prompt prompt : document.prompts()) {
            steps.add(pinned(step(prompt, values), prompt, pins));
        }
        return Plan.of(new AssistantRun(known.name(), known.version(), document.outputs()), steps);
    }

    private static PromptStep pinned(PromptStep step, Prompt prompt, KnowledgePins pins) {
        PromptStep told =
                prompt.knowledge().map(it -> step.told(pins.retrieval(it))).orElse(step);
        return prompt.toolbox().map(it -> told.with(it.pinned(pins))).orElse(told);
    }

    private static PromptStep step(Prompt prompt, InputValues values) {
        PromptStep step =
                prompt.step().of(new AssistantPrompt(prompt.id(), List.of(), Optional.empty(), Optional.empty()));
        Set<String> names = new LinkedHashSet<>(step.template().references());
        step.systemTemplate().ifPresent(it -> names.addAll(it.references()));
        List<Variable> variables = names.stream()
                .map(it -> Optional.ofNullable(values.values().get(it))
                        .map(value -> Variable.input(it, value))
                        .orElseGet(() -> Variable.answer(it)))
                .toList();
        return step.of(new AssistantPrompt(prompt.id(), variables, Optional.empty(), prompt.cacheFor()));
    }
}
