package io.tailrace.gateway.assistant;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.AssistantPrompt;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.ReusedAnswer;
import io.tailrace.events.plan.Step;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.assistant.AssistantDocument.Knowledge;
import io.tailrace.gateway.assistant.Toolbox.Searching;
import io.tailrace.gateway.problem.AssistantProblem;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.repository.RepositoryPins;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the plan that repeats a run of an assistant. Blocks its callers, bounded; thread-safe. */
final class AssistantRetry {
    private final SurroundingsCheck surroundings;
    private final RepositoryPins repositories;

    AssistantRetry(SurroundingsCheck surroundings, RepositoryPins repositories) {
        this.surroundings = surroundings;
        this.repositories = repositories;
    }

    /**
     * The same prompts. Those before the first that did not succeed take their answers from the run; the others are asked
     * again, of repositories as they are now.
     *
     * @param fromStart whether all are asked again, whatever was answered to the same questions before
     * @throws RunProblem {@code invalid_assistant} if a repository, a definition or a tool has gone
     */
    Plan plan(RunView run, boolean fromStart) throws InterruptedException {
        List<PromptStep> steps = new ArrayList<>();
        Findings findings = new Findings();
        List<Knowledge> asked = new ArrayList<>();
        boolean reusing = !fromStart;
        for (int i = 0; i < run.plan().steps().size(); i++) {
            PromptStep step = (PromptStep) run.plan().steps().get(i);
            Optional<ReusedAnswer> answer = reusing ? answer(run, i + 1, step) : Optional.empty();
            reusing = answer.isPresent();
            AssistantPrompt prompt = step.assistant().orElseThrow();
            PromptStep again = step.of(new AssistantPrompt(
                    prompt.id(), prompt.variables(), answer, fromStart ? Optional.empty() : prompt.cacheFor()));
            steps.add(again);
            if (isAsked(again)) {
                asked.addAll(searched(run, "plan[" + i + "]", again, findings));
            }
        }
        if (findings.hasErrors()) {
            throw AssistantProblem.invalid(findings.errors());
        }
        KnowledgePins pins = KnowledgePins.of(run.workspace(), asked, repositories);
        List<Step> pinned = new ArrayList<>();
        for (PromptStep step : steps) {
            pinned.add(isAsked(step) ? pinned(step, pins) : step);
        }
        return run.plan().withSteps(pinned);
    }

    private static boolean isAsked(PromptStep step) {
        return step.assistant().flatMap(AssistantPrompt::reused).isEmpty();
    }

    /** What a step searches itself and by its tools. What is no longer there is found. */
    private List<Knowledge> searched(RunView run, String path, PromptStep step, Findings findings) {
        List<Knowledge> searched = new ArrayList<>();
        step.retrieval().ifPresent(it -> {
            searched.add(Knowledge.of(it));
            surroundings.knowledge(run.workspace(), path + ".knowledge", searched.getLast(), findings);
        });
        List<Toolbox.DefinedTool> tools =
                step.toolUse().map(it -> Toolbox.of(it).tools()).orElse(List.of());
        for (int i = 0; i < tools.size(); i++) {
            surroundings.tool(run.workspace(), path + ".tools[" + i + "]", tools.get(i), findings);
            if (tools.get(i) instanceof Searching searching) {
                searched.add(searching.knowledge());
            }
        }
        return searched;
    }

    private static PromptStep pinned(PromptStep step, KnowledgePins pins) {
        PromptStep told = step.retrieval()
                .map(it -> step.told(pins.retrieval(Knowledge.of(it))))
                .orElse(step);
        return step.toolUse().map(it -> told.with(Toolbox.of(it).pinned(pins))).orElse(told);
    }

    /** What a step answered. Where that was taken from before, it is taken from there again. */
    private static Optional<ReusedAnswer> answer(RunView run, int number, PromptStep step) {
        return run.stages().stream()
                .filter(it -> it.step() == number
                        && it.part().isEmpty()
                        && it.outcome().equals(Optional.of(Outcome.SUCCEEDED))
                        && it.lastOffset().isPresent())
                .findFirst()
                .map(stage -> step.assistant()
                        .flatMap(AssistantPrompt::reused)
                        .orElseGet(() -> new ReusedAnswer(
                                stage.stageId(),
                                new LogPosition(
                                        Topic.TURN_EVENTS,
                                        run.partition(),
                                        stage.lastOffset().orElseThrow()),
                                ReusedAnswer.Reason.RETRY)));
    }
}
