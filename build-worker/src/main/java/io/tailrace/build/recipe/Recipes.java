package io.tailrace.build.recipe;

import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Phase;
import java.util.List;

/** Turns a step of a plan into phases. Safe from any thread. */
public final class Recipes {

    private final RecipeFolder folder;
    private final boolean adhocPhases;

    /**
     * The recipes of a worker.
     *
     * @param adhocPhases whether phases that come with the request are run
     */
    public Recipes(RecipeFolder folder, boolean adhocPhases) {
        this.folder = folder;
        this.adhocPhases = adhocPhases;
    }

    /**
     * The phases of a step.
     *
     * @throws InvalidRecipe when they cannot be known, or may not be run here
     */
    public List<Phase> phasesOf(BuildStep step) throws InvalidRecipe {
        if (!step.recipe().equals(BuildStep.COMMANDS)) {
            throw InvalidRecipe.unknownRecipe(step.recipe());
        }
        if (step.definition().isPresent()) {
            return folder.phases(step.definition().get());
        }
        if (!adhocPhases) {
            throw InvalidRecipe.adhocForbidden();
        }
        return step.phases();
    }
}
