package io.tailrace.sandbox.process;

import java.nio.file.Path;
import java.util.List;

/**
 * What the commands of one build work with, beside the programs of the machine.
 *
 * @param folder where they work; they may write it
 * @param temporary for temporary files, inside of the folder
 * @param readOnly further files and folders that they may read
 * @param writable further folders that they may write
 * @param network whether they have any use for a network
 */
public record BuildScope(Path folder, Path temporary, List<Path> readOnly, List<Path> writable, boolean network) {

    public BuildScope {
        readOnly = List.copyOf(readOnly);
        writable = List.copyOf(writable);
    }

    /** A folder and nothing else; the network if the worker gives it to builds. */
    public static BuildScope of(Path folder, Path temporary) {
        return new BuildScope(folder, temporary, List.of(), List.of(), true);
    }
}
