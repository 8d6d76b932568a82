package io.tailrace.builds.recipe;

import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.plan.PlanReader;
import io.tailrace.events.plan.PythonEnvironmentDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The operator's folder of definitions: {@code <name>.yaml} with a list {@code phases}. Read anew for every build, so that a changed
 * file counts for the next one. Safe from any thread.
 */
public final class RecipeFolder {

    private static final int MAX_BYTES = 256 * 1024;
    private static final String SUFFIX = ".yaml";
    private static final String PHASES = "phases";

    private final Path folder;

    /** The definitions in this folder, which need not exist yet. */
    public RecipeFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    Path path() {
        return folder;
    }

    /**
     * The phases of a definition.
     *
     * @param name as it stands in the plan; anything that is no legal name is not found
     * @throws InvalidRecipe when there is no such definition, or it cannot be used; the message says what to mend, and where
     */
    public List<Phase> phases(String name) throws InvalidRecipe {
        if (!PlanReader.isDefinitionName(name)) {
            throw InvalidRecipe.unknown(name);
        }
        try {
            return PlanReader.phases(PHASES, valueOf(PHASES, name));
        } catch (InvalidInput e) {
            throw InvalidRecipe.unusable(name, e.field() + ": " + e.reason());
        }
    }

    /**
     * A definition of the recipe {@code python-env}; its paths count from {@link #path}.
     *
     * @throws InvalidRecipe as for phases
     */
    PythonEnvironmentDefinition pythonEnvironment(String name) throws InvalidRecipe {
        if (!PlanReader.isDefinitionName(name)) {
            throw InvalidRecipe.unknown(name);
        }
        try {
            return PythonEnvironmentDefinition.read(
                    PythonEnvironmentDefinition.KEY, valueOf(PythonEnvironmentDefinition.KEY, name));
        } catch (InvalidInput e) {
            throw InvalidRecipe.unusable(name, e.field() + ": " + e.reason());
        }
    }

    private @Nullable Object valueOf(String key, String name) throws InvalidRecipe {
        Object tree = parse(name, read(name));
        if (!(tree instanceof Map<?, ?> map) || !map.keySet().equals(Set.of(key))) {
            throw InvalidRecipe.unusable(name, "it must be a mapping with the one key \"" + key + "\"");
        }
        return map.get(key);
    }

    private String read(String name) throws InvalidRecipe {
        Path file = folder.resolve(name + SUFFIX);
        try {
            if (!Files.isRegularFile(file)) {
                throw InvalidRecipe.unknown(name);
            }
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                throw InvalidRecipe.unusable(name, "it is a link that leads out of the folder");
            }
            try (InputStream in = Files.newInputStream(file.toRealPath(), LinkOption.NOFOLLOW_LINKS)) {
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw InvalidRecipe.unusable(name, "it is larger than " + MAX_BYTES + " bytes");
                }
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            }
        } catch (CharacterCodingException e) {
            throw InvalidRecipe.unusable(name, "it is not UTF-8");
        } catch (IOException e) {
            throw InvalidRecipe.unusable(name, "it cannot be read: " + e.getMessage());
        }
    }

    private static Object parse(String name, String text) throws InvalidRecipe {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(20);
        options.setNestingDepthLimit(20);
        options.setCodePointLimit(MAX_BYTES);
        try {
            Object tree = new Yaml(new SafeConstructor(options)).load(text);
            return tree == null ? Map.of() : tree;
        } catch (YAMLException e) {
            throw InvalidRecipe.unusable(name, "it is not YAML that can be read: " + e.getMessage());
        }
    }
}
