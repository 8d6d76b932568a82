package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.StageKind;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A question to a model. The step's result is the text of the answer. The model sees what stands here, what it refers to,
 * and what is found for it; a prompt has no history.
 *
 * @param text the question; may refer to the results of earlier steps ({@link PromptText})
 * @param model which is to answer
 * @param system what the context begins with; may refer to results as {@code text} may
 * @param script for the scripted provider alone: what it answers, as JSON
 * @param limits of this step's stage, where they are not the run's
 * @param assistant present if it is a prompt of an assistant
 * @param retrieval what it is to be told from repositories
 * @param toolUse what it may call
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record PromptStep(
        Optional<String> name,
        String text,
        ModelChoice model,
        Optional<String> system,
        Generation generation,
        Optional<String> script,
        Optional<StepLimits> limits,
        Optional<AssistantPrompt> assistant,
        Optional<Retrieval> retrieval,
        Optional<ToolUse> toolUse)
        implements Step {
    /** The recipe of stages that are prompts of a plan. */
    public static final String RECIPE = "prompt";

    /** A prompt of a plan that somebody wrote step by step. */
    public PromptStep(
            Optional<String> name,
            String text,
            ModelChoice model,
            Optional<String> system,
            Generation generation,
            Optional<String> script,
            Optional<StepLimits> limits) {
        this(
                name,
                text,
                model,
                system,
                generation,
                script,
                limits,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A question without a name, with the defaults of everything else. */
    public static PromptStep of(String text, ModelChoice model) {
        return new PromptStep(
                Optional.empty(),
                text,
                model,
                Optional.empty(),
                Generation.DEFAULT,
                Optional.empty(),
                Optional.empty());
    }

    /** The same question under this name. */
    public PromptStep named(String newName) {
        return new PromptStep(
                Optional.of(newName), text, model, system, generation, script, limits, assistant, retrieval, toolUse);
    }

    @Override
    public StageKind kind() {
        return StageKind.TURN;
    }

    @Override
    public String recipe() {
        return RECIPE;
    }

    @Override
    public Optional<TurnId> turn(StageId stage) {
        return Optional.of(TurnId.of(stage));
    }

    /** The same as an assistant's prompt. */
    public PromptStep of(AssistantPrompt prompt) {
        return new PromptStep(
                name, text, model, system, generation, script, limits, Optional.of(prompt), retrieval, toolUse);
    }

    /** The same, to be told this. */
    public PromptStep told(Retrieval found) {
        return new PromptStep(
                name, text, model, system, generation, script, limits, assistant, Optional.of(found), toolUse);
    }

    /** The same, with tools. */
    public PromptStep with(ToolUse tools) {
        return new PromptStep(
                name, text, model, system, generation, script, limits, assistant, retrieval, Optional.of(tools));
    }

    @Override
    public Set<String> uses() {
        Set<String> names = new LinkedHashSet<>();
        if (assistant.isPresent()) {
            // Nothing is read for an answer that is there already.
            if (assistant.get().reused().isEmpty()) {
                assistant.get().variables().forEach(it -> it.step().ifPresent(names::add));
            }
            return names;
        }
        names.addAll(template().references());
        systemTemplate().ifPresent(it -> names.addAll(it.references()));
        return names;
    }

    /** The question, with what it refers to. */
    public PromptText template() {
        return parsed(text);
    }

    /** The system text, with what it refers to. */
    public Optional<PromptText> systemTemplate() {
        return system.map(this::parsed);
    }

    private PromptText parsed(String of) {
        return assistant.isPresent() ? PromptText.ofAssistant(of) : PromptText.parse(of);
    }

    @Override
    public boolean hasResult() {
        return true;
    }

    @Override
    public Limits limits(Limits ofRun) {
        return limits.map(it -> it.within(ofRun)).orElse(ofRun);
    }

    @Override
    public String tag() {
        return "prompt";
    }
}
