package io.tailrace.builds.environment;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * The files of an environment, which strangers' code has made: looked at one by one, never all at once in memory, and no more of them than
 * an environment can have. Links are not followed. Confined to one thread.
 */
final class BuiltFiles extends SimpleFileVisitor<Path> {

    /** An open folder for each level: more would use up the worker's files. */
    static final int MAX_DEPTH = 128;

    /** Files, links and folders. */
    static final int MAX_FILES = 500_000;

    private final Path folder;
    private final Receiver receiver;
    private int seen;

    private BuiltFiles(Path folder, Receiver receiver) {
        this.folder = folder;
        this.receiver = receiver;
    }

    /** Gets one file or link after the other, and no folders. */
    interface Receiver {
        void file(Path file, BasicFileAttributes attributes) throws IOException;
    }

    /**
     * Shows all files to the receiver.
     *
     * @throws UnfitEnvironment when there are too many, or a folder cannot be read
     * @throws IOException when the receiver throws it
     */
    static void walk(Path folder, Receiver receiver) throws IOException {
        Files.walkFileTree(folder, EnumSet.noneOf(FileVisitOption.class), MAX_DEPTH, new BuiltFiles(folder, receiver));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
        count();
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (attributes.isDirectory()) {
            throw UnfitEnvironment.tooDeep(folder.relativize(file), MAX_DEPTH);
        }
        count();
        receiver.file(file, attributes);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        throw UnfitEnvironment.unreadable(folder.relativize(file));
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
        if (failure != null) {
            throw UnfitEnvironment.unreadable(folder.relativize(visited));
        }
        return FileVisitResult.CONTINUE;
    }

    private void count() throws UnfitEnvironment {
        seen++;
        if (seen > MAX_FILES) {
            throw UnfitEnvironment.tooManyFiles(MAX_FILES);
        }
    }
}
