package io.tailrace.sandbox.folder;

import java.io.IOException;
import java.nio.file.Path;

/** Removes a folder in a process of its own, which may be another user's. */
public final class OrdinaryRemoval {
    private OrdinaryRemoval() {}

    public static void main(String[] args) throws IOException {
        FolderRemoval.remove(Path.of(args[0]));
    }
}
