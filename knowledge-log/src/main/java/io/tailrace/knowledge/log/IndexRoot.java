package io.tailrace.knowledge.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the indexes of one process lie.
 *
 * @param temporary whether it is removed with its indexes when the process ends in order
 */
public record IndexRoot(Path path, boolean temporary) implements AutoCloseable {

    /**
     * The operator's folder, or a temporary one.
     *
     * @throws IOException if no temporary folder can be made
     */
    public static IndexRoot of(Optional<Path> folder) throws IOException {
        return folder.isPresent()
                ? new IndexRoot(folder.get(), false)
                : new IndexRoot(Files.createTempDirectory("tailrace-repositories-"), true);
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            IndexFolders.delete(path);
        }
    }
}
