package io.tailrace.events.plan;

import java.util.List;
import java.util.Optional;

/**
 * A build by a recipe.
 *
 * @param recipe the recipe's name, {@value #COMMANDS} for phases that are commands, {@value #PYTHON_ENV} for a Python
 *     environment
 * @param definition the name of the operator's file that has the phases
 * @param phases phases given with the request; empty where a definition is named
 * @param environment what {@value #PYTHON_ENV} is to build
 */
public record BuildStep(
        String recipe, Optional<String> definition, List<Phase> phases, Optional<EnvironmentStep> environment)
        implements Step {
    /** The recipe whose phases are commands. */
    public static final String COMMANDS = "commands";

    /** The recipe that builds a Python environment for a configuration. */
    public static final String PYTHON_ENV = "python-env";

    public BuildStep {
        phases = List.copyOf(phases);
    }

    /** A build without an environment. */
    public BuildStep(String recipe, Optional<String> definition, List<Phase> phases) {
        this(recipe, definition, phases, Optional.empty());
    }

    /** A build of an environment by an operator's definition. */
    public static BuildStep ofEnvironment(String definition, EnvironmentStep environment) {
        return new BuildStep(PYTHON_ENV, Optional.of(definition), List.of(), Optional.of(environment));
    }

    @Override
    public String tag() {
        return "build";
    }
}
