package io.tailrace.build.artifact;

import io.tailrace.events.definition.EntryName;
import io.tailrace.events.definition.UnsafeEntryName;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder that an archive is unpacked into; everything that is written to it is counted. Confined to one thread. */
final class UnpackTarget {

    private static final int BUFFER = 64 * 1024;

    private final Path root;
    private final UnpackLimits limits;
    private int entries;
    private long bytes;

    UnpackTarget(Path root, UnpackLimits limits) {
        this.root = root;
        this.limits = limits;
    }

    void folder(String name) throws ArchiveProblem, IOException {
        Path folder = resolve(name);
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw ArchiveProblem.unsafe(name, "is there twice");
        }
        Files.createDirectories(folder);
    }

    void file(String name, InputStream in, boolean executable) throws ArchiveProblem, IOException {
        Path file = resolve(name);
        Path parent = file.getParent();
        if (file.equals(root) || parent == null) {
            throw ArchiveProblem.unsafe(name, "is no file name");
        }
        try {
            Files.createDirectories(parent);
        } catch (FileAlreadyExistsException e) {
            throw ArchiveProblem.unsafe(name, "lies in a file");
        }
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                count(read);
                out.write(buffer, 0, read);
            }
        } catch (FileAlreadyExistsException e) {
            throw ArchiveProblem.unsafe(name, "is there twice");
        }
        if (executable) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** Bytes that an archive unpacks to beside its files: headers can be a bomb too. */
    InputStream bounded(InputStream in) {
        long most = limits.bytes() * 2 + limits.entries() * 2_048L;
        return new FilterInputStream(in) {
            private long taken;

            @Override
            public int read() throws IOException {
                int value = super.read();
                taken(value < 0 ? 0 : 1);
                return value;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                taken(Math.max(0, read));
                return read;
            }

            private void taken(int count) throws IOException {
                taken += count;
                if (taken > most) {
                    throw new IOException("it unpacks to more than " + most + " bytes");
                }
            }
        };
    }

    private void count(int read) throws ArchiveProblem {
        bytes += read;
        if (bytes > limits.bytes()) {
            throw ArchiveProblem.tooLarge("its files have more than " + limits.bytes() + " bytes");
        }
    }

    private Path resolve(String name) throws ArchiveProblem {
        entries++;
        if (entries > limits.entries()) {
            throw ArchiveProblem.tooLarge("it has more than " + limits.entries() + " entries");
        }
        try {
            Path path = root;
            for (String part : EntryName.parse(name).parts()) {
                path = path.resolve(part);
            }
            return path;
        } catch (UnsafeEntryName e) {
            throw ArchiveProblem.unsafe(name, e.reason());
        }
    }
}
