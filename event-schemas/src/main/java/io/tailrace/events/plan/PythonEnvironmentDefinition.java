package io.tailrace.events.plan;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An operator's definition for {@link BuildStep#PYTHON_ENV}: what every environment made by it has in common.
 *
 * @param python the interpreter: a program's name or an absolute path
 * @param engine what is installed as the engine: a wheel or a source tree, relative to the definition's file, or a
 *     requirement
 * @param enginePackage the module that has to be importable afterwards
 * @param findLinks a folder of wheels, relative to the definition's file
 * @param index the package index; without one nothing is fetched
 * @param phaseTimeout after which any of the phases is ended
 */
public record PythonEnvironmentDefinition(
        String python,
        String engine,
        String enginePackage,
        Optional<String> findLinks,
        Optional<URI> index,
        Duration phaseTimeout) {
    /** The key of such a definition in its file. */
    public static final String KEY = "python_env";

    /** The names of the recipe's phases, in their order. */
    public static final List<String> PHASES = List.of(
            "create_venv", "upgrade_pip", "install_engine", "install_config", "verify_imports", "collect_metadata");

    private static final String NO_INDEX = "none";
    private static final Pattern MODULE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*){0,15}");

    /** Reads the object at {@code path}. */
    public static PythonEnvironmentDefinition read(String path, @Nullable Object tree) throws InvalidInput {
        Fields fields = Fields.of(
                path, tree, Set.of("python", "engine", "engine_package", "find_links", "index", "phase_timeout_ms"));
        return new PythonEnvironmentDefinition(
                argument(fields, "python").orElse("python3"),
                argument(fields, "engine").orElseThrow(() -> fields.missing("engine")),
                fields.name("engine_package", MODULE, "It must be the name of a Python module")
                        .orElseThrow(() -> fields.missing("engine_package")),
                argument(fields, "find_links"),
                index(fields),
                Duration.ofMillis(fields.number("phase_timeout_ms", 1, PlanReader.MAX_PHASE_TIMEOUT.toMillis())
                        .orElse(PlanReader.DEFAULT_PHASE_TIMEOUT.toMillis())));
    }

    /** A text that a command takes as one argument and never as an option. */
    private static Optional<String> argument(Fields fields, String name) throws InvalidInput {
        Optional<String> text = fields.text(name, 1024);
        if (text.isPresent() && text.get().startsWith("-")) {
            throw new InvalidInput("invalid_value", fields.pathOf(name), "It must not begin with '-'");
        }
        return text;
    }

    private static Optional<URI> index(Fields fields) throws InvalidInput {
        Optional<String> text = fields.text("index", 1024).filter(it -> !it.equals(NO_INDEX));
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI index = new URI(text.get());
            if (("https".equals(index.getScheme()) || "http".equals(index.getScheme())) && index.getHost() != null) {
                return Optional.of(index);
            }
        } catch (URISyntaxException _) {
            // Said below.
        }
        throw new InvalidInput("invalid_value", fields.pathOf("index"), "It must be an http(s) URL, or " + NO_INDEX);
    }
}
