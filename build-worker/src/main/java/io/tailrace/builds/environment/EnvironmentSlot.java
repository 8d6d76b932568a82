package io.tailrace.builds.environment;

import io.tailrace.sandbox.folder.FolderRemoval;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of one fingerprint's environment, locked: nobody else builds, replaces or removes it meanwhile. An environment lies where it
 * was built (a Python environment cannot be moved), in a folder with a name of its own; it becomes the current one by a pointer that is
 * replaced at once. Confined to one thread at a time.
 */
public final class EnvironmentSlot implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EnvironmentSlot.class);
    private static final String POINTER = "current";
    private static final String MANIFEST = ".manifest";
    private static final int MAX_POINTER_BYTES = 1024;

    private final Path place;
    private final Path leaseFile;
    private final InstantSource clock;
    private final long maxBytes;
    private final AutoCloseable lock;

    /** @param maxBytes of one environment */
    EnvironmentSlot(Path place, Path leaseFile, InstantSource clock, long maxBytes, AutoCloseable lock) {
        this.maxBytes = maxBytes;
        this.place = place;
        this.leaseFile = leaseFile;
        this.clock = clock;
        this.lock = lock;
    }

    /** The current environment, if there is one and nothing of it is missing or changed. */
    public Optional<StoredEnvironment> current() {
        try {
            Optional<Pointer> pointer = pointer();
            if (pointer.isEmpty()) {
                return Optional.empty();
            }
            Manifest manifest = new Manifest(manifestOf(pointer.get().name()));
            if (!manifest.hasDigest(pointer.get().digest())
                    || !manifest.describes(place.resolve(pointer.get().name()))) {
                log.warn("The environment in {} is damaged and will be built anew", place);
                return Optional.empty();
            }
            Files.setLastModifiedTime(place.resolve(POINTER), FileTime.from(clock.instant()));
            return Optional.of(manifest.facts());
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            log.warn("The environment in {} cannot be read and will be built anew", place, e);
            return Optional.empty();
        }
    }

    /** Where the current environment lies. */
    public Optional<Path> currentFolder() throws IOException {
        return pointer().map(pointer -> place.resolve(pointer.name()));
    }

    /**
     * A new, empty folder to build an environment in, where it will stay. What earlier builds left unfinished is removed.
     *
     * @param name of the folder, never used before
     */
    public Path prepare(String name) throws IOException {
        removeAllBut(pointer().map(Pointer::name));
        Files.createDirectories(place);
        return Files.createDirectory(
                place.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /**
     * How large the files of what was built say they are, together: sparse ones count whole.
     *
     * @throws UnfitEnvironment when that is more than an environment may be, or cannot be told
     */
    public long sizeOf(Path built) throws IOException {
        long[] sum = {0};
        BuiltFiles.walk(built, (_, attributes) -> {
            long size = attributes.isRegularFile() ? attributes.size() : 0;
            if (size > maxBytes - sum[0]) {
                throw UnfitEnvironment.tooLarge(maxBytes);
            }
            sum[0] += size;
        });
        return sum[0];
    }

    /**
     * Makes what was built the current environment, at once and for everybody, and removes the one before it.
     *
     * @throws UnfitEnvironment when what was built cannot be kept; then nothing has changed
     */
    public void publish(Path built, StoredEnvironment facts) throws IOException {
        String name = built.getFileName().toString();
        String digest = ManifestWriter.write(manifestOf(name), built, facts);
        Path preparing = place.resolve(POINTER + ".next");
        write(preparing, name + "\n" + digest + "\n");
        Files.setLastModifiedTime(preparing, FileTime.from(clock.instant()));
        Files.move(
                preparing, place.resolve(POINTER), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        removeAllBut(Optional.of(name));
    }

    /** Removes everything; the pointer first, so that nobody takes half of it. */
    void remove() throws IOException {
        Files.deleteIfExists(place.resolve(POINTER));
        FolderRemoval.remove(place);
    }

    /** Somebody uses the environment now: as long as that is not closed, it is not removed. */
    public AutoCloseable lease() throws IOException {
        return FileLocks.tryShared(leaseFile)
                .orElseThrow(() -> new IOException(leaseFile + " is locked by somebody who has no right to"));
    }

    /** What is not the current environment; left for later while somebody still uses the place. */
    private void removeAllBut(Optional<String> name) throws IOException {
        if (!Files.isDirectory(place)) {
            return;
        }
        Optional<AutoCloseable> unused = FileLocks.tryExclusive(leaseFile);
        if (unused.isEmpty()) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
            for (Path entry : entries) {
                String found = entry.getFileName().toString();
                boolean isCurrent = found.equals(POINTER)
                        || name.filter(it -> found.equals(it) || found.equals(it + MANIFEST))
                                .isPresent();
                if (!isCurrent) {
                    removeAsFarAsPossible(entry);
                }
            }
        } finally {
            close(unused.get());
        }
    }

    /** What is left is in nobody's way: each build has a name of its own. */
    private static void removeAsFarAsPossible(Path entry) {
        try {
            FolderRemoval.remove(entry);
        } catch (IOException e) {
            log.warn("What an earlier build left in {} cannot be removed; the next build tries again", entry, e);
        }
    }

    private Optional<Pointer> pointer() throws IOException {
        try {
            String[] lines = readPointer(place.resolve(POINTER)).split("\n", -1);
            Path folder = place.resolve(lines[0]).normalize();
            return lines.length >= 2
                            && place.equals(folder.getParent())
                            && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(new Pointer(lines[0], lines[1]))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** No more of it than a pointer has. */
    static String readPointer(Path pointer) throws IOException {
        try (InputStream in = Files.newInputStream(pointer)) {
            return new String(in.readNBytes(MAX_POINTER_BYTES), StandardCharsets.UTF_8);
        }
    }

    private Path manifestOf(String name) {
        return place.resolve(name + MANIFEST);
    }

    /** On the disk when this returns, so that a pointer never points at what a power cut took. */
    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    static void close(AutoCloseable lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        close(lock);
    }

    private record Pointer(String name, String digest) {}
}
