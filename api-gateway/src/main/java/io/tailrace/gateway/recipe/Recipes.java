package io.tailrace.gateway.recipe;

import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.plan.Plan;
import io.tailrace.events.plan.PlanReader;
import io.tailrace.events.plan.PythonEnvironmentDefinition;
import io.tailrace.gateway.problem.RunProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What plans may ask for: the definitions in the operator's folder, which is read anew every time, and phases of their
 * own if the operator allows them. The worker has the last word; this says no early. Thread-safe; reads files.
 */
public final class Recipes {
    private static final Logger LOG = LoggerFactory.getLogger(Recipes.class);
    private static final String SUFFIX = ".yaml";
    private static final int MAX_DEFINITIONS = 1000;
    private static final int MAX_BYTES = 256 * 1024;

    private final RecipeSettings settings;

    Recipes(RecipeSettings settings) {
        this.settings = settings;
    }

    /**
     * A definition of the operator.
     *
     * @param recipe what it is a definition for; empty where the file cannot be read as a definition
     * @param phases of a definition for the recipe {@code commands}
     * @param fault why it cannot be read; empty where it can
     */
    public record Definition(String name, Optional<String> recipe, List<Phase> phases, Optional<String> fault) {
        public Definition {
            phases = List.copyOf(phases);
        }
    }

    /**
     * Makes sure that a plan asks for what there is.
     *
     * @param path where the plan is in the request
     * @throws RunProblem {@code unknown_definition} or {@code adhoc_phases_disabled}
     */
    public void check(String path, Plan plan) {
        for (int i = 0; i < plan.steps().size(); i++) {
            if (plan.steps().get(i) instanceof BuildStep build) {
                check(path + "[" + i + "]", build);
            }
        }
    }

    /**
     * The same of one build.
     *
     * @throws RunProblem as {@link #check(String, Plan)}
     */
    public void check(String path, BuildStep build) {
        if (build.definition().isPresent()) {
            String name = build.definition().get();
            if (!exists(name)) {
                throw RunProblem.unknownDefinition(path + ".definition", names());
            }
            // One that cannot be read fails as a build, with what to mend.
            Optional<String> recipe = definition(name).recipe();
            if (recipe.isPresent() && !recipe.get().equals(build.recipe())) {
                throw RunProblem.definitionOfAnotherRecipe(path + ".definition", name, recipe.get());
            }
        } else if (!settings.adhocPhases()) {
            throw RunProblem.adhocPhasesDisabled(path + ".phases");
        }
    }

    /** The definitions, by name. */
    public List<Definition> definitions() {
        return names().stream().map(this::definition).toList();
    }

    private boolean exists(String name) {
        return PlanReader.isDefinitionName(name)
                && settings.folder()
                        .map(it -> it.resolve(name + SUFFIX))
                        .filter(Files::isRegularFile)
                        .isPresent();
    }

    private List<String> names() {
        if (settings.folder().isEmpty()) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(settings.folder().get())) {
            return files.filter(Files::isRegularFile)
                    .map(it -> it.getFileName().toString())
                    .filter(it -> it.endsWith(SUFFIX))
                    .map(it -> it.substring(0, it.length() - SUFFIX.length()))
                    .filter(PlanReader::isDefinitionName)
                    .sorted()
                    .limit(MAX_DEFINITIONS)
                    .toList();
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            LOG.warn("The folder of recipes cannot be read: {}", e.toString());
            return List.of();
        }
    }

    private Definition definition(String name) {
        Path file = settings.folder().orElseThrow().resolve(name + SUFFIX);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                return faulty(name, "it is larger than " + MAX_BYTES + " bytes");
            }
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            options.setNestingDepthLimit(20);
            Object tree = new Yaml(new SafeConstructor(options)).load(new String(bytes, StandardCharsets.UTF_8));
            if (!(tree instanceof Map<?, ?> map)) {
                return faulty(name, "it is no mapping");
            }
            if (map.containsKey(PythonEnvironmentDefinition.KEY)) {
                var _ = PythonEnvironmentDefinition.read(
                        PythonEnvironmentDefinition.KEY, map.get(PythonEnvironmentDefinition.KEY));
                return new Definition(name, Optional.of(BuildStep.PYTHON_ENV), List.of(), Optional.empty());
            }
            return new Definition(
                    name,
                    Optional.of(BuildStep.COMMANDS),
                    PlanReader.phases("phases", map.get("phases")),
                    Optional.empty());
        } catch (InvalidInput e) {
            return faulty(name, e.field() + ": " + e.reason());
        } catch (YAMLException _) {
            return faulty(name, "it is not YAML");
        } catch (IOException _) {
            return faulty(name, "it cannot be read");
        }
    }

    private static Definition faulty(String name, String fault) {
        return new Definition(name, Optional.empty(), List.of(), Optional.of(fault));
    }
}
