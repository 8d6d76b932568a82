package io.tailrace.gateway.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.util.FileSystemUtils;

/**
 * Where this gateway's indexes lie.
 *
 * @param temporary whether it is removed with its indexes when the gateway ends in order
 */
record IndexRoot(Path path, boolean temporary) implements AutoCloseable {

    /** The operator's folder, or a temporary one. */
    static IndexRoot of(Optional<Path> folder) throws IOException {
        return folder.isPresent()
                ? new IndexRoot(folder.get(), false)
                : new IndexRoot(Files.createTempDirectory("tailrace-repositories-"), true);
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            FileSystemUtils.deleteRecursively(path);
        }
    }
}
