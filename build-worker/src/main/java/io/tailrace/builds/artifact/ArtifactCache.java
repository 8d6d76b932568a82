package io.tailrace.builds.artifact;

import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.sandbox.folder.FolderRemoval;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Archives by their digest, in a folder that workers may share. What lies under a digest is whole and was checked: it is moved there at
 * once. The longest unused go when the folder grows over its bound. Safe from any thread.
 */
public final class ArtifactCache {

    /** Larger archives are refused before anything is read. */
    public static final long MAX_ARCHIVE_BYTES = 512L * 1024 * 1024;

    private static final int MAX_CHUNKS = 100_000;
    private static final int BUFFER = 64 * 1024;
    private static final String ARCHIVE_NAME = "[0-9a-f]{64}";

    private final Path folder;
    private final ArtifactSource source;
    private final InstantSource clock;
    private final long maxBytes;

    /**
     * A cache in this folder, which is made if it is missing.
     *
     * @param maxBytes of all archives together
     */
    public ArtifactCache(Path folder, ArtifactSource source, InstantSource clock, long maxBytes) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.source = source;
        this.clock = clock;
        this.maxBytes = maxBytes;
    }

    /**
     * The archive as a file of its own in the given folder, so that nobody takes it away meanwhile. Blocks while it is read.
     *
     * @return nothing when it was stopped
     * @throws ArchiveProblem when it cannot be had or is not what its digest says
     */
    public Optional<Path> fetch(ArtifactRef archive, Path into, BooleanSupplier stopped) throws ArchiveProblem {
        if (archive.bytes() > MAX_ARCHIVE_BYTES || archive.chunks() > MAX_CHUNKS || archive.chunks() < 1) {
            throw ArchiveProblem.tooLarge(
                    "it has " + archive.bytes() + " bytes, " + MAX_ARCHIVE_BYTES + " are allowed");
        }
        try {
            Path own = into.resolve("archive");
            if (!takeCached(archive, own)) {
                Path parts = Files.createDirectory(into.resolve("archive.parts"));
                if (!read(archive, parts, stopped)) {
                    return Optional.empty();
                }
                join(parts, archive, own);
                FolderRemoval.remove(parts);
                keep(archive, own);
            }
            return Optional.of(own);
        } catch (IOException e) {
            throw new UncheckedIOException("an archive cannot be written to " + into, e);
        }
    }

    private boolean takeCached(ArtifactRef archive, Path own) throws IOException {
        Path cached = folder.resolve(archive.digest());
        try {
            Files.copy(cached, own, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            return false;
        }
        if (!digest(own).equals(archive.digest())) {
            Files.deleteIfExists(cached); // damaged on the disk: fetched anew
            Files.delete(own);
            return false;
        }
        touch(cached);
        return true;
    }

    private boolean read(ArtifactRef archive, Path parts, BooleanSupplier stopped) throws ArchiveProblem {
        BitSet found = new BitSet();
        long[] bytes = {0};
        source.read(
                archive,
                (index, chunk) -> {
                    if (!found.get(index)) {
                        bytes[0] += chunk.length;
                        if (bytes[0] > archive.bytes()) {
                            throw ArchiveProblem.damaged("its chunks have more bytes than the archive");
                        }
                        write(parts.resolve(Integer.toString(index)), chunk);
                        found.set(index);
                    }
                    return found.cardinality() == archive.chunks();
                },
                stopped);
        if (stopped.getAsBoolean()) {
            return false;
        }
        if (found.cardinality() < archive.chunks()) {
            throw ArchiveProblem.missing(archive.digest());
        }
        return true;
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a chunk cannot be written to " + file, e);
        }
    }

    private static void join(Path parts, ArtifactRef archive, Path own) throws IOException, ArchiveProblem {
        try (OutputStream out = Files.newOutputStream(own)) {
            for (int i = 0; i < archive.chunks(); i++) {
                Files.copy(parts.resolve(Integer.toString(i)), out);
            }
        }
        if (!digest(own).equals(archive.digest())) {
            throw ArchiveProblem.damaged("its digest is not " + archive.digest());
        }
    }

    private void keep(ArtifactRef archive, Path own) throws IOException {
        Path preparing = Files.createTempFile(folder, "preparing", "");
        Files.copy(own, preparing, StandardCopyOption.REPLACE_EXISTING);
        Files.move(preparing, folder.resolve(archive.digest()), StandardCopyOption.ATOMIC_MOVE);
        touch(folder.resolve(archive.digest()));
        evict();
    }

    private void evict() throws IOException {
        List<Path> archives = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (file.getFileName().toString().matches(ARCHIVE_NAME)) {
                    archives.add(file);
                }
            }
        }
        archives.sort(Comparator.comparing(ArtifactCache::lastUsed).reversed());
        long kept = 0;
        for (Path file : archives) {
            kept += file.toFile().length();
            if (kept > maxBytes) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
        } catch (IOException e) {
            // Taken away by another worker meanwhile: nothing is lost.
            return;
        }
    }

    private static FileTime lastUsed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** The SHA-256 of a file in hexadecimal digits. */
    public static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            byte[] buffer = new byte[BUFFER];
            int read = 0;
            while (read >= 0) {
                read = digesting.read(buffer);
            }
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
