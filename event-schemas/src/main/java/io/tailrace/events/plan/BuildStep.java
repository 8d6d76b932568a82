package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.TurnId;
import io.tailrace.events.log.StageKind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A build by a recipe.
 *
 * @param recipe the recipe's name, {@value #COMMANDS} for phases that are commands, {@value #PYTHON_ENV} for a Python
 *     environment
 * @param definition the name of the operator's file that has the phases
 * @param phases phases given with the request; empty where a definition is named
 * @param environment what {@value #PYTHON_ENV} is to build
 * @param inputs results of earlier steps that the phases get; absent where there are none
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record BuildStep(
        String recipe,
        Optional<String> definition,
        List<Phase> phases,
        Optional<EnvironmentStep> environment,
        Optional<String> name,
        Optional<List<StepInput>> inputs)
        implements Step {
    /** The recipe whose phases are commands. */
    public static final String COMMANDS = "commands";

    /** The recipe that builds a Python environment for a configuration. */
    public static final String PYTHON_ENV = "python-env";

    public BuildStep {
        phases = List.copyOf(phases);
        inputs = inputs.filter(it -> !it.isEmpty()).map(List::copyOf);
    }

    /** A build without a name, which uses no results. */
    public BuildStep(
            String recipe, Optional<String> definition, List<Phase> phases, Optional<EnvironmentStep> environment) {
        this(recipe, definition, phases, environment, Optional.empty(), Optional.empty());
    }

    /** A build without an environment, without a name, which uses no results. */
    public BuildStep(String recipe, Optional<String> definition, List<Phase> phases) {
        this(recipe, definition, phases, Optional.empty());
    }

    /** A build of an environment by an operator's definition. */
    public static BuildStep ofEnvironment(String definition, EnvironmentStep environment) {
        return new BuildStep(PYTHON_ENV, Optional.of(definition), List.of(), Optional.of(environment));
    }

    /** The same build of another version of its environment. */
    public BuildStep with(EnvironmentStep other) {
        return new BuildStep(recipe, definition, phases, Optional.of(other), name, inputs);
    }

    /** The results of earlier steps that the phases get; empty where there are none. */
    public List<StepInput> inputList() {
        return inputs.orElse(List.of());
    }

    @Override
    public StageKind kind() {
        return StageKind.BUILD;
    }

    @Override
    public Optional<TurnId> turn(StageId stage) {
        return Optional.empty();
    }

    @Override
    public Set<String> uses() {
        Set<String> names = new LinkedHashSet<>();
        inputList().forEach(it -> names.add(it.from()));
        return names;
    }

    @Override
    public boolean hasResult() {
        return false;
    }

    @Override
    public Limits limits(Limits ofRun) {
        return ofRun;
    }

    @Override
    public String tag() {
        return "build";
    }
}
