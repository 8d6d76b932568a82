package io.tailrace.builds.artifact;

import io.tailrace.events.archive.ArchiveTarget;
import io.tailrace.events.definition.EntryName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder that an archive is unpacked into. Confined to one thread. */
final class UnpackTarget implements ArchiveTarget {
    private final Path root;

    UnpackTarget(Path root) {
        this.root = root;
    }

    @Override
    public void folder(EntryName name) throws IOException {
        Files.createDirectories(resolve(name));
    }

    @Override
    public void file(EntryName name, InputStream content, boolean executable) throws IOException {
        Path file = resolve(name);
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.transferTo(out);
        }
        if (executable) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private Path resolve(EntryName name) {
        Path path = root;
        for (String part : name.parts()) {
            path = path.resolve(part);
        }
        return path;
    }
}
