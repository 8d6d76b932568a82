package io.tailrace.builds.python;

import io.tailrace.builds.phase.PhaseResult;
import io.tailrace.events.plan.Phase;
import io.tailrace.events.plan.PythonEnvironmentDefinition;
import io.tailrace.events.stage.BuildFact.InstalledPackage;
import io.tailrace.events.stage.BuildFact.PhaseStatus;
import io.tailrace.events.stage.BuildFact.PlannedPhase;
import io.tailrace.events.text.Excerpt;
import io.tailrace.sandbox.process.PinnedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The commands that make one environment. Immutable. */
public final class PythonPhases {

    private static final Map<String, String> TITLES = titles();

    private static final Map<String, String> VARIABLES = Map.of(
            "PIP_DISABLE_PIP_VERSION_CHECK", "1",
            "PIP_NO_INPUT", "1",
            "PIP_NO_CACHE_DIR", "1",
            "PIP_CONFIG_FILE", "/dev/null",
            "PYTHONUNBUFFERED", "1");

    private static final int MAX_METADATA_BYTES = 1024 * 1024;
    private static final int MAX_PACKAGES = 5_000;
    private static final int MAX_TEXT = 200;

    private final PythonEnvironmentDefinition definition;
    private final String engine;
    private final Optional<Path> findLinks;
    private final Path work;
    private final Path project;
    private final Path target;

    private PythonPhases(
            PythonEnvironmentDefinition definition,
            String engine,
            Optional<Path> findLinks,
            Path work,
            Path project,
            Path target) {
        this.definition = definition;
        this.engine = engine;
        this.findLinks = findLinks;
        this.work = work;
        this.project = project;
        this.target = target;
    }

    static PythonPhases prepare(
            PythonEnvironmentDefinition definition,
            Engine engine,
            Optional<Path> findLinks,
            Path work,
            Path project,
            Path target)
            throws IOException {
        String installed = engine.spec();
        if (engine.isTree()) {
            Path copy = work.resolve("engine");
            new SourceTree(engine.file().orElseThrow()).copyTo(copy); // building writes into it
            installed = copy.toString();
        } else if (engine.file().isPresent()) {
            installed = engine.file().get().toString();
        }
        for (String script : List.of("verify_imports.py", "collect_metadata.py")) {
            try (InputStream resource = PythonPhases.class.getResourceAsStream(script)) {
                if (resource == null) {
                    throw new IllegalStateException(script + " is missing from the jar");
                }
                Files.copy(resource, work.resolve(script));
            }
        }
        return new PythonPhases(definition, installed, findLinks, work, project, target);
    }

    static List<PlannedPhase> planned() {
        return TITLES.entrySet().stream()
                .map(title -> new PlannedPhase(title.getKey(), title.getValue()))
                .toList();
    }

    /** All of them in their order. */
    public List<Phase> all() {
        return List.of(
                phase("create_venv", List.of(definition.python(), "-m", "venv", target.toString())),
                phase("upgrade_pip", pip(List.of("--upgrade", "pip"))),
                phase("install_engine", pip(List.of(engine))),
                phase("install_config", pip(List.of(project.toString()))),
                phase(
                        "verify_imports",
                        python(
                                script("verify_imports.py"),
                                definition.enginePackage(),
                                project.toString(),
                                imports().toString())),
                phase(
                        "collect_metadata",
                        python(script("collect_metadata.py"), metadata().toString())));
    }

    /** Why a phase has nothing to do, if it has not. */
    public Optional<String> skipped(Phase phase) {
        return phase.name().equals("upgrade_pip") && definition.index().isEmpty()
                ? Optional.of("There is no package index (index: none), so pip stays as the interpreter brings it.")
                : Optional.empty();
    }

    /**
     * The result with a cause of its own, where all that is known is that the command failed. A command that ended well and left no proof
     * that it did its work has failed: code of the configuration runs in it, and can end it with any exit code.
     */
    public PhaseResult explain(Phase phase, PhaseResult result) {
        if (result.status() == PhaseStatus.SUCCEEDED
                && proofOf(phase).filter(it -> !isThere(it)).isPresent()) {
            return result.unproven(
                    phase.name(),
                    phase.name().equals("verify_imports") ? "import_failed" : "metadata_failed",
                    "The process ended before it was done, with exit code 0. Does a module end its process when it is "
                            + "imported?");
        }
        boolean onlyFailed = result.status() == PhaseStatus.FAILED
                && result.failure()
                        .filter(it -> it.code().equals("phase_failed"))
                        .isPresent();
        if (!onlyFailed) {
            return result;
        }
        return switch (result.failure().orElseThrow().phase().orElse("")) {
            case "create_venv" ->
                result.because(
                        "venv_failed",
                        "The interpreter could not make an environment; its output says why. On Debian and Ubuntu it "
                                + "needs the package python3-venv.");
            case "upgrade_pip" ->
                result.because(
                        "pip_upgrade_failed",
                        "pip could not be upgraded; its output says why. Is the index reachable?");
            case "install_engine" ->
                result.because(
                        "engine_install_failed",
                        "The engine could not be installed; the output of pip says why. Without an index everything that "
                                + "it needs has to be in find_links.");
            case "install_config" ->
                result.because(
                        "configuration_install_failed",
                        "The configuration could not be installed; the output of pip says why. Without an index its build "
                                + "back end has to be part of it (backend-path), and what it requires in find_links.");
            case "verify_imports" ->
                result.because(
                        "import_failed",
                        "A module could not be imported after the installation; the output has the traceback.");
            case "collect_metadata" ->
                result.because("metadata_failed", "The environment could not be described; the output says why.");
            default -> result;
        };
    }

    private Optional<Path> proofOf(Phase phase) {
        return switch (phase.name()) {
            case "verify_imports" -> Optional.of(imports());
            case "collect_metadata" -> Optional.of(metadata());
            default -> Optional.empty();
        };
    }

    private static boolean isThere(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** What the last phase found. It ran code of the environment: nothing in it is believed but texts of a bounded length. */
    public List<InstalledPackage> packages() throws IOException {
        if (!isThere(metadata())) {
            return List.of();
        }
        byte[] bytes;
        try (InputStream in = PinnedFile.openNoLink(metadata())) {
            bytes = in.readNBytes(MAX_METADATA_BYTES);
        }
        return new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("\t", -1))
                .filter(fields -> fields.length == 2)
                .limit(MAX_PACKAGES)
                .map(fields -> new InstalledPackage(
                        Excerpt.beginning(fields[0], MAX_TEXT), Excerpt.beginning(fields[1], MAX_TEXT)))
                .toList();
    }

    private Phase phase(String name, List<String> argv) {
        return new Phase(name, TITLES.getOrDefault(name, name), argv, definition.phaseTimeout(), VARIABLES, false);
    }

    private List<String> pip(List<String> what) {
        List<String> words = new ArrayList<>(python("-m", "pip", "install"));
        if (definition.index().isPresent()) {
            words.addAll(List.of("--index-url", definition.index().get().toString()));
        } else {
            words.addAll(List.of("--no-index", "--no-build-isolation"));
        }
        findLinks.ifPresent(folder -> words.addAll(List.of("--find-links", folder.toString())));
        words.addAll(what);
        return words;
    }

    private List<String> python(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(target.resolve("bin/python").toString());
        words.add("-I");
        words.addAll(List.of(arguments));
        return words;
    }

    private String script(String name) {
        return work.resolve(name).toString();
    }

    private Path imports() {
        return work.resolve("imports.txt");
    }

    private Path metadata() {
        return work.resolve("packages.txt");
    }

    private static Map<String, String> titles() {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("create_venv", "Create the environment");
        titles.put("upgrade_pip", "Upgrade pip");
        titles.put("install_engine", "Install the engine");
        titles.put("install_config", "Install the configuration");
        titles.put("verify_imports", "Verify the imports");
        titles.put("collect_metadata", "Collect the metadata");
        return titles;
    }
}
