package io.tailrace.builds.recipe;

import io.tailrace.events.plan.PythonEnvironmentDefinition;
import java.nio.file.Path;

/**
 * An operator's definition of Python environments.
 *
 * @param folder what its paths count from
 */
public record EnvironmentRecipe(PythonEnvironmentDefinition definition, Path folder) {}
