package io.tailrace.sandbox.folder;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Removes a folder and what is in it, whatever that is: links are removed, not followed; folders that their owner may not enter are opened
 * for him; and there is no depth that is too deep, though a path to it would be longer than the kernel takes.
 *
 * <p>A folder's files are removed through a handle on it, and its folders are moved up to the top before it is removed itself. So no path
 * has more than two names below the top, two folders are open at a time, and a chain of a million folders takes no more memory than one.
 * Confined to one thread.
 */
public final class FolderRemoval {

    private final Path top;
    private long moved;

    private FolderRemoval(Path top) {
        this.top = top;
    }

    /**
     * Does it, if the folder is there. What cannot be removed does not keep the rest.
     *
     * @throws IOException the first reason why something is left
     */
    public static void remove(Path folder) throws IOException {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            new FolderRemoval(folder).empty();
        }
        Files.deleteIfExists(folder);
    }

    /** A listing need not have what is moved up meanwhile, so it is made anew until it is empty. */
    private void empty() throws IOException {
        openForOwner(top);
        Optional<IOException> failure = Optional.empty();
        boolean progress = true;
        while (progress) {
            progress = false;
            try (DirectoryStream<Path> listing = Files.newDirectoryStream(top)) {
                SecureDirectoryStream<Path> folder = secure(listing);
                for (Path entry : folder) {
                    try {
                        removeWithFolders(folder, entry.getFileName());
                        progress = true;
                    } catch (NoSuchFileException e) {
                        progress = true; // it was moved up during this listing, and is removed
                    } catch (IOException e) {
                        failure = Optional.of(failure.orElse(e));
                    }
                }
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /** Follows a chain of folders down at once: each is at the top when its turn comes. */
    private void removeWithFolders(SecureDirectoryStream<Path> folder, Path entry) throws IOException {
        Optional<Path> next = Optional.of(entry);
        while (next.isPresent()) {
            next = removeOne(folder, next.get());
        }
    }

    /** Answers one of the folders that were moved up, if there were any. */
    private Optional<Path> removeOne(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        if (!attributes(folder, name).isDirectory()) {
            folder.deleteFile(name);
            return Optional.empty();
        }
        openForOwner(top.resolve(name));
        Optional<Path> last = Optional.empty();
        try (SecureDirectoryStream<Path> inner = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            for (Path entry : inner) {
                Path child = entry.getFileName();
                if (attributes(inner, child).isDirectory()) {
                    last = Optional.of(moveUp(folder, name, inner, child));
                } else {
                    inner.deleteFile(child);
                }
            }
        }
        folder.deleteDirectory(name);
        return last;
    }

    /** The kernel writes into a folder that gets another parent. */
    private Path moveUp(SecureDirectoryStream<Path> folder, Path parent, SecureDirectoryStream<Path> inner, Path child)
            throws IOException {
        Path free = freeName(folder);
        try {
            inner.move(child, folder, free);
        } catch (AccessDeniedException e) {
            openForOwner(top.resolve(parent).resolve(child));
            inner.move(child, folder, free);
        }
        return free;
    }

    private Path freeName(SecureDirectoryStream<Path> folder) throws IOException {
        while (true) {
            moved++;
            Path name = top.getFileSystem().getPath("moved-" + moved);
            try {
                attributes(folder, name);
            } catch (NoSuchFileException e) {
                return name;
            }
        }
    }

    private static BasicFileAttributes attributes(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        return folder.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /** There is no handle on a folder that may not be read, so this goes by its path, which is short. */
    private static void openForOwner(Path folder) throws IOException {
        if (!(Files.isWritable(folder) && Files.isReadable(folder) && Files.isExecutable(folder))
                && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        throw new IOException("this file system has no handles on folders: a build-worker needs Linux");
    }
}
