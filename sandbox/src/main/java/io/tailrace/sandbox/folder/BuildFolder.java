package io.tailrace.sandbox.folder;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The folder of one build.
 *
 * @param path where its commands work, and their home
 * @param temporary for their temporary files, inside of it
 */
public record BuildFolder(Path path, Path temporary) {

    /**
     * Removes it with all that is in it; never follows a link out of it. The build's processes must have ended.
     *
     * @throws IOException when something cannot be removed
     */
    public void remove() throws IOException {
        FolderRemoval.remove(path);
    }
}
