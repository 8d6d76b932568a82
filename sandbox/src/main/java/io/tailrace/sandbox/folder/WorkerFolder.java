package io.tailrace.sandbox.folder;

import io.tailrace.sandbox.process.BuildProcesses;
import io.tailrace.sandbox.process.ProcessMark;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one worker process, named by its process mark, and locked as long as the process lives. Build folders lie in it by
 * number, so no id of a run ever becomes part of a path. Safe from any thread.
 */
public final class WorkerFolder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WorkerFolder.class);
    private static final String LOCK_FILE = ".lock";

    private final ProcessMark mark;
    private final Path dataFolder;
    private final boolean temporary;
    private final Path workers;
    private final Path folder;
    private final FileChannel lock;
    private final AtomicLong builds = new AtomicLong();

    private WorkerFolder(
            ProcessMark mark, Path dataFolder, boolean temporary, Path workers, Path folder, FileChannel lock) {
        this.mark = mark;
        this.dataFolder = dataFolder;
        this.temporary = temporary;
        this.workers = workers;
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Makes and locks the folder of this worker.
     *
     * @param dataFolder shared by the workers of a machine; made if it is missing
     * @throws IOException when it cannot be made or locked
     */
    public static WorkerFolder open(Path dataFolder, ProcessMark mark) throws IOException {
        return open(dataFolder, false, mark);
    }

    /**
     * The same in a data folder of this worker alone, which is made under a name that nobody can guess, and removed at the end.
     *
     * @param prefix of its name
     * @throws IOException when it cannot be made or locked
     */
    public static WorkerFolder openTemporary(String prefix, ProcessMark mark) throws IOException {
        Path made = Files.createTempDirectory(prefix);
        try {
            return open(made, true, mark);
        } catch (IOException | RuntimeException e) {
            FolderRemoval.remove(made);
            throw e;
        }
    }

    private static WorkerFolder open(Path dataFolder, boolean temporary, ProcessMark mark) throws IOException {
        Path workers = Files.createDirectories(dataFolder.toAbsolutePath().normalize())
                .toRealPath()
                .resolve("workers");
        Files.createDirectories(workers);
        // Under another name until it is locked: a worker that starts at the same time must not take it for left
        // behind.
        Path preparing = Files.createDirectory(workers.resolve("." + mark.value()), ownerOnly());
        FileChannel lock =
                FileChannel.open(preparing.resolve(LOCK_FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            lock.close();
            throw new IOException("the lock of the new folder " + preparing + " is held by somebody else");
        }
        Path folder = Files.move(preparing, workers.resolve(mark.value()));
        return new WorkerFolder(mark, dataFolder, temporary, workers, folder, lock);
    }

    /** That it lies in. */
    public Path dataFolder() {
        return dataFolder;
    }

    /** The folder itself. */
    public Path path() {
        return folder;
    }

    /** A new, empty folder for a build, readable by nobody else. */
    public BuildFolder create() throws IOException {
        Path build = Files.createDirectory(folder.resolve(Long.toString(builds.incrementAndGet())), ownerOnly());
        Path temporary = Files.createDirectory(build.resolve(".tmp"), ownerOnly());
        return new BuildFolder(build, temporary);
    }

    /**
     * Ends the processes and removes the folders that dead workers left in the same data folder. A folder that cannot be removed is
     * logged and left for the next start.
     *
     * @return how many workers' folders were found
     */
    public int clearLeftBehind() throws IOException {
        int found = 0;
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(workers)) {
            for (Path sibling : siblings) {
                String name = sibling.getFileName().toString();
                boolean isWorkers = ProcessMark.isMark(name) && Files.isDirectory(sibling, LinkOption.NOFOLLOW_LINKS);
                if (isWorkers && !name.equals(mark.value()) && isLeftBehind(sibling)) {
                    found++;
                    clear(sibling, new ProcessMark(name));
                }
            }
        }
        return found;
    }

    private static void clear(Path sibling, ProcessMark mark) {
        int left = BuildProcesses.endLeftBehind(mark, sibling);
        if (left > 0) {
            log.error("{} processes that a dead worker left in {} could not be ended", left, sibling);
        }
        try {
            FolderRemoval.remove(sibling);
            log.info("Removed the folder {} of a worker that is no more", sibling);
        } catch (IOException e) {
            log.warn("The folder {} of a worker that is no more cannot be removed", sibling, e);
        }
    }

    private static boolean isLeftBehind(Path sibling) throws IOException {
        Path lockFile = sibling.resolve(LOCK_FILE);
        if (!Files.exists(lockFile)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free != null;
        } catch (OverlappingFileLockException e) {
            return false; // of a worker in this JVM
        }
    }

    private static FileAttribute<?> ownerOnly() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    }

    /** Removes the folder with all that is in it, and gives the lock back. No build may run any more. */
    @Override
    public void close() throws IOException {
        try (lock) {
            FolderRemoval.remove(temporary ? dataFolder : folder);
        }
    }
}
