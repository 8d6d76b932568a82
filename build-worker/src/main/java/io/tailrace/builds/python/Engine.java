package io.tailrace.builds.python;

import io.tailrace.builds.artifact.ArtifactCache;
import io.tailrace.events.plan.PythonEnvironmentDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is installed as the engine.
 *
 * @param spec as the definition has it
 * @param file the wheel or the source tree, where it is one of these
 * @param digest of it, or the spec itself
 * @param versionHint the version, where it can be told beforehand
 */
record Engine(String spec, Optional<Path> file, String digest, Optional<String> versionHint) {

    private static final int MAX_PROJECT_BYTES = 1024 * 1024;
    private static final Pattern WHEEL = Pattern.compile("[^-]+-([^-]+)-.*\\.whl");
    private static final Pattern PINNED = Pattern.compile("[^=]+==([^=;\\s]+).*");
    private static final Pattern PROJECT_VERSION = Pattern.compile("(?m)^version\\s*=\\s*[\"']([^\"'\\n]{1,64})[\"']");

    static Engine of(PythonEnvironmentDefinition definition, Path folder) throws EnvironmentProblem, IOException {
        String spec = definition.engine();
        Path file = folder.resolve(spec).normalize();
        if (Files.isRegularFile(file)) {
            Path name = file.getFileName();
            return new Engine(
                    spec, Optional.of(file), ArtifactCache.digest(file), version(WHEEL, String.valueOf(name)));
        }
        if (Files.isDirectory(file)) {
            return new Engine(spec, Optional.of(file), new SourceTree(file).digest(), projectVersion(file));
        }
        boolean isPath = spec.contains("/") || spec.endsWith(".whl");
        if (isPath || (definition.findLinks().isEmpty() && definition.index().isEmpty())) {
            throw EnvironmentProblem.noEngine(spec, folder);
        }
        return new Engine(spec, Optional.empty(), spec, version(PINNED, spec));
    }

    /** Whether it is a folder, which a build must not write into. */
    boolean isTree() {
        return file.isPresent() && Files.isDirectory(file.get());
    }

    private static Optional<String> projectVersion(Path tree) throws IOException {
        Path project = tree.resolve("pyproject.toml");
        if (!Files.isRegularFile(project)) {
            return Optional.empty();
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(project)) {
            bytes = in.readNBytes(MAX_PROJECT_BYTES);
        }
        Matcher matcher = PROJECT_VERSION.matcher(new String(bytes, StandardCharsets.UTF_8));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<String> version(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
