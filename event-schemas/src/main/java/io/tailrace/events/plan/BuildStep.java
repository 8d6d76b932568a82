package io.tailrace.events.plan;

import java.util.List;
import java.util.Optional;

/**
 * A build by a recipe.
 *
 * @param recipe the recipe's name, {@value #COMMANDS} for phases that are commands
 * @param definition the name of the operator's file that has the phases
 * @param phases phases given with the request; empty where a definition is named
 */
public record BuildStep(String recipe, Optional<String> definition, List<Phase> phases) implements Step {
    /** The recipe whose phases are commands. */
    public static final String COMMANDS = "commands";

    public BuildStep {
        phases = List.copyOf(phases);
    }

    @Override
    public String tag() {
        return "build";
    }
}
