package io.tailrace.sandbox.isolation;

import java.nio.file.Path;
import java.util.List;

/**
 * How builds are kept to themselves.
 *
 * @param mode by what means
 * @param network what of the network a build gets
 * @param readOnlyPaths files and folders that builds may read beside the system's
 * @param privateFolders of the worker and of other builds: nothing that builds may read may lie around them
 */
public record IsolationSettings(Mode mode, Network network, List<Path> readOnlyPaths, List<Path> privateFolders) {

    /** By what means builds are isolated. */
    public enum Mode {
        /** With bubblewrap where it works, else as {@link #TRUSTED_ONLY}, which is said loudly. */
        AUTO,
        /** With bubblewrap; the worker does not start where that does not work. */
        BUBBLEWRAP,
        /** Not at all: for commands that are as trusted as the worker itself. */
        TRUSTED_ONLY
    }

    /** What of the network a build gets. */
    public enum Network {
        /** A loopback device of its own, and nothing else. */
        NONE,
        /** All of the worker's: also the broker's address, and whatever else the worker can reach. */
        HOST
    }

    public IsolationSettings {
        readOnlyPaths = readOnlyPaths.stream()
                .map(path -> path.toAbsolutePath().normalize())
                .toList();
        privateFolders = privateFolders.stream()
                .map(path -> path.toAbsolutePath().normalize())
                .toList();
    }
}
