package io.tailrace.builds.recipe;

import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.Phase;
import io.tailrace.sandbox.isolation.Secrets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Turns a step of a plan into phases. Safe from any thread. */
public final class Recipes {

    private final Optional<RecipeFolder> folder;
    private final boolean adhocPhases;

    /**
     * The recipes of a worker.
     *
     * @param folder the operator's; without it there are no definitions
     * @param adhocPhases whether phases that come with the request are run
     */
    public Recipes(Optional<RecipeFolder> folder, boolean adhocPhases) {
        this.folder = folder;
        this.adhocPhases = adhocPhases;
    }

    /** The operator's folder, as far as a step refers to it. */
    public List<Path> foldersOf(BuildStep step) {
        return step.definition().isPresent()
                ? folder.map(RecipeFolder::path).stream().toList()
                : List.of();
    }

    /**
     * The definition of a step that builds a Python environment.
     *
     * @throws InvalidRecipe when there is none, or it cannot be used
     */
    public EnvironmentRecipe environmentOf(BuildStep step) throws InvalidRecipe {
        String name = step.definition().orElse("");
        RecipeFolder recipes = folder.orElseThrow(() -> InvalidRecipe.unknown(name));
        return new EnvironmentRecipe(recipes.pythonEnvironment(name), recipes.path());
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
            String name = step.definition().get();
            return folder.orElseThrow(() -> InvalidRecipe.unknown(name)).phases(name);
        }
        if (!adhocPhases) {
            throw InvalidRecipe.adhocForbidden();
        }
        for (Phase phase : step.phases()) {
            if (phase.environment().values().stream().anyMatch(Secrets::isReference)) {
                throw InvalidRecipe.adhocSecret(phase.name());
            }
        }
        return step.phases();
    }
}
