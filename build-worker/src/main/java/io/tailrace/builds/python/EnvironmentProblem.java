package io.tailrace.builds.python;

import io.tailrace.events.run.Failure;
import io.tailrace.sandbox.process.CommandNotStarted;
import java.nio.file.Path;

/** An environment cannot be built; the message tells the operator or the configuration's owner what to do. */
public final class EnvironmentProblem extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    private EnvironmentProblem(String code, String message) {
        super(message);
        this.code = code;
    }

    /** No version of the configuration was ever uploaded. */
    public static EnvironmentProblem noArchive(String configuration) {
        return new EnvironmentProblem(
                "no_archive",
                "The configuration \"" + configuration + "\" has no version yet. Upload an archive of it first.");
    }

    /** Builds have no network here, and the definition needs one. */
    public static EnvironmentProblem noNetwork() {
        return new EnvironmentProblem(
                "network_not_allowed",
                "The definition names a package index, but builds on this worker have no network. Let the operator set "
                        + "tailrace.worker.isolation.network=host, or give wheels by find_links and index: none.");
    }

    static EnvironmentProblem noInterpreter(String python, CommandNotStarted why) {
        return new EnvironmentProblem(
                "interpreter_missing", "The interpreter \"" + python + "\" cannot be started. " + why.reason());
    }

    static EnvironmentProblem interpreterFails(String python, String said) {
        return new EnvironmentProblem(
                "interpreter_unusable",
                "\"" + python + "\" is no Python interpreter of version 3.8 or later that works; it said: " + said);
    }

    static EnvironmentProblem noEngine(String engine, Path folder) {
        return new EnvironmentProblem(
                "engine_missing",
                "The engine \"" + engine + "\" is neither a wheel nor a source tree in " + folder
                        + ", nor a requirement that find_links or an index could satisfy. Correct the definition.");
    }

    static EnvironmentProblem noFindLinks(String findLinks, Path folder) {
        return new EnvironmentProblem(
                "find_links_missing",
                "There is no folder \"" + findLinks + "\" in " + folder + ". Correct the definition's find_links.");
    }

    /** As the build's failure. */
    public Failure toFailure() {
        return Failure.of(code, String.valueOf(getMessage()));
    }
}
