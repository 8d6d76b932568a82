package io.tailrace.builds.python;

import io.tailrace.builds.environment.Fingerprint;
import io.tailrace.builds.phase.Inquiry;
import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.PythonEnvironmentDefinition;
import io.tailrace.events.stage.BuildFact.EnvironmentPlan;
import io.tailrace.events.stage.BuildFact.PlannedPhase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An environment as it is wanted: everything that it is made from is known and named. Immutable. */
public final class PythonEnvironment {

    /** Raised when the phases change, so that older environments are built anew. */
    private static final String RECIPE_VERSION = "1";

    private final PythonEnvironmentDefinition definition;
    private final Engine engine;
    private final Optional<Path> findLinks;
    private final Interpreter interpreter;
    private final EnvironmentPlan plan;
    private final Fingerprint fingerprint;

    private PythonEnvironment(
            PythonEnvironmentDefinition definition,
            Engine engine,
            Optional<Path> findLinks,
            Interpreter interpreter,
            EnvironmentPlan plan,
            Fingerprint fingerprint) {
        this.definition = definition;
        this.engine = engine;
        this.findLinks = findLinks;
        this.interpreter = interpreter;
        this.plan = plan;
        this.fingerprint = fingerprint;
    }

    /**
     * Finds out what the environment is made from. Blocks while the interpreter answers.
     *
     * @param folder what the definition's paths count from
     * @param inquiry to ask the interpreter
     * @throws EnvironmentProblem when something that is needed is not there
     */
    public static PythonEnvironment of(
            PythonEnvironmentDefinition definition,
            Path folder,
            WorkspaceId workspace,
            String configuration,
            ArtifactRef archive,
            Inquiry inquiry)
            throws EnvironmentProblem {
        try {
            Engine engine = Engine.of(definition, folder);
            Optional<Path> findLinks = findLinks(definition, folder);
            Interpreter interpreter = Interpreter.ask(definition.python(), inquiry);
            Map<String, String> inputs = new TreeMap<>(Map.of(
                    "recipe", RECIPE_VERSION,
                    "workspace", workspace.toString(),
                    "configuration", configuration,
                    "archive", archive.digest(),
                    "engine", engine.spec(),
                    "engine_digest", engine.digest(),
                    "engine_package", definition.enginePackage(),
                    "interpreter", interpreter.realPath(),
                    "interpreter_version", interpreter.version(),
                    "platform", interpreter.platform()));
            inputs.put("find_links", findLinks.isPresent() ? namesIn(findLinks.get()) : "");
            inputs.put("index", definition.index().map(Object::toString).orElse(""));
            Fingerprint fingerprint = Fingerprint.of(inputs);
            EnvironmentPlan plan = new EnvironmentPlan(
                    configuration,
                    engine.spec(),
                    engine.versionHint(),
                    interpreter.program(),
                    archive.digest(),
                    fingerprint.value());
            return new PythonEnvironment(definition, engine, findLinks, interpreter, plan, fingerprint);
        } catch (IOException e) {
            throw new UncheckedIOException("the files of a definition cannot be read in " + folder, e);
        }
    }

    private static Optional<Path> findLinks(PythonEnvironmentDefinition definition, Path folder)
            throws EnvironmentProblem {
        if (definition.findLinks().isEmpty()) {
            return Optional.empty();
        }
        Path links = folder.resolve(definition.findLinks().get()).normalize();
        if (!Files.isDirectory(links)) {
            throw EnvironmentProblem.noFindLinks(definition.findLinks().get(), folder);
        }
        return Optional.of(links);
    }

    /** A wheel's name has its version; with its size that is enough to see that there are others now. */
    private static String namesIn(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                names.add(file.getFileName() + " " + Files.size(file));
            }
        }
        names.sort(null);
        return String.join("\n", names);
    }

    /** What it is, for the log. */
    public EnvironmentPlan plan() {
        return plan;
    }

    /** What it is compared by. */
    public Fingerprint fingerprint() {
        return fingerprint;
    }

    /** The version of its interpreter. */
    public String interpreterVersion() {
        return interpreter.version();
    }

    /** The phases, for the log. */
    public List<PlannedPhase> planned() {
        return PythonPhases.planned();
    }

    /** Whether packages come over the network. */
    public boolean needsNetwork() {
        return definition.index().isPresent();
    }

    /** What the phases have to read outside of the build's folder. */
    public List<Path> readOnly() {
        List<Path> paths = new ArrayList<>();
        if (!engine.isTree()) {
            engine.file().ifPresent(paths::add);
        }
        findLinks.ifPresent(paths::add);
        return paths;
    }

    /**
     * The phases' commands.
     *
     * @param work an empty folder of the build's, for copies and scripts
     * @param project the unpacked configuration
     * @param target the empty folder that becomes the environment
     */
    public PythonPhases phases(Path work, Path project, Path target) {
        try {
            return PythonPhases.prepare(definition, engine, findLinks, work, project, target);
        } catch (IOException e) {
            throw new UncheckedIOException("the files of the engine cannot be copied to " + work, e);
        }
    }
}
