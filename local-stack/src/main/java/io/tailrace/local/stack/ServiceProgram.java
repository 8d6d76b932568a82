package io.tailrace.local.stack;

import java.nio.file.Path;
import java.util.List;

/**
 * How a service is started.
 *
 * @param libraries jars of others, which stay the same over rebuilds of ours; first on the class path
 * @param own what changes with every build
 * @param folder where its parts lie
 */
record ServiceProgram(String mainClass, List<Path> libraries, List<Path> own, Path folder) {

    ServiceProgram {
        libraries = List.copyOf(libraries);
        own = List.copyOf(own);
    }
}
