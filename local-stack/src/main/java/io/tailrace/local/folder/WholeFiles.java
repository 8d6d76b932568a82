package io.tailrace.local.folder;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.Set;

/**
 * Files that are written as wholes: no reader sees half of one, and at no moment can another account read it. Stateless.
 */
public final class WholeFiles {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private WholeFiles() {}

    /** Writes the file, or replaces it. Its folder has to be there. */
    public static void write(Path file, String text) throws IOException {
        Path fresh =
                Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), ".new", OWNER_ONLY);
        try {
            Files.writeString(fresh, text, StandardCharsets.UTF_8);
            replace(file, fresh);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** The same with properties, which {@link Properties#load(java.io.Reader)} reads. */
    public static void write(Path file, Properties properties, String comment) throws IOException {
        StringWriter text = new StringWriter();
        properties.store(text, comment);
        write(file, text.toString());
    }

    /** Puts a file that is whole in the place of another, or of none. Both are in the same folder. */
    public static void replace(Path file, Path fresh) throws IOException {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
