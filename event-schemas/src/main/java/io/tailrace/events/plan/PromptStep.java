package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.StageKind;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A question to a model. The step's result is the text of the answer. The model sees what stands here and nothing else:
 * a prompt has no history.
 *
 * @param text the question; may refer to the results of earlier steps ({@link PromptText})
 * @param model which is to answer
 * @param system what the context begins with; may refer to results as {@code text} may
 * @param script for the scripted provider alone: what it answers, as JSON
 * @param limits of this step's stage, where they are not the run's
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record PromptStep(
        Optional<String> name,
        String text,
        ModelChoice model,
        Optional<String> system,
        Generation generation,
        Optional<String> script,
        Optional<StepLimits> limits)
        implements Step {
    /** The recipe of stages that are prompts of a plan. */
    public static final String RECIPE = "prompt";

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
        return new PromptStep(Optional.of(newName), text, model, system, generation, script, limits);
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

    @Override
    public Set<String> uses() {
        Set<String> names = new LinkedHashSet<>(PromptText.parse(text).references());
        system.ifPresent(it -> names.addAll(PromptText.parse(it).references()));
        return names;
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
