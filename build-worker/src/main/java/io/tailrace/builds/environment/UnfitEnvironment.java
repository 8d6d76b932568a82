package io.tailrace.builds.environment;

import io.tailrace.events.text.Excerpt;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a build has made cannot be kept as an environment: the build's fault, not the worker's. The message tells the configuration's owner
 * or the operator what to do.
 */
public final class UnfitEnvironment extends IOException {
    private static final long serialVersionUID = 1L;
    private static final long MEBIBYTE = 1024 * 1024;

    /** The longest path that is shown. */
    private static final int MAX_SHOWN = 200;

    private final String code;

    private UnfitEnvironment(String code, String message) {
        super(message);
        this.code = code;
    }

    static UnfitEnvironment tooLarge(long maxBytes) {
        return new UnfitEnvironment(
                "environment_too_large",
                "By the sizes that its files say they have, the environment is larger than " + maxBytes / MEBIBYTE
                        + " MiB. Install less, or let the operator raise tailrace.worker.environments.max-size.");
    }

    static UnfitEnvironment tooManyFiles(int maxFiles) {
        return new UnfitEnvironment(
                "environment_too_large",
                "The environment has more than " + maxFiles + " files, or names that are too long. Install less.");
    }

    static UnfitEnvironment tooDeep(Path folder, int maxDepth) {
        return new UnfitEnvironment(
                "environment_unreadable",
                "The environment has folders in more than " + maxDepth + " levels (" + shown(folder)
                        + "). Leave no such folders in it.");
    }

    static UnfitEnvironment unreadable(Path file) {
        return new UnfitEnvironment(
                "environment_unreadable",
                "The worker could not read " + shown(file)
                        + " in the finished environment. Leave it readable for its owner.");
    }

    private static String shown(Path path) {
        return Excerpt.of(path.toString(), MAX_SHOWN);
    }

    /** A stable, machine-readable code in snake_case. */
    public String code() {
        return code;
    }

    /** What is wrong and how to mend it; never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
