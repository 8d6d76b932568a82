package io.tailrace.local.folder;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Files that are written as wholes: no reader sees half of one, and at no moment can another account read it. Stateless.
 */
public final class WholeFiles {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** As {@link Files#createTempFile} makes the names of files that are being written. */
    private static final Pattern FRESH = Pattern.compile("\\..+[0-9]+\\.new");

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

    /**
     * Removes what writers have left in this folder that were killed: their files, which have no other name, if they were
     * written before a moment. Whoever still writes has a younger one.
     */
    public static void sweep(Path folder, Instant before) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, WholeFiles::isOurs)) {
            for (Path left : all) {
                if (Files.getLastModifiedTime(left).toInstant().isBefore(before)) {
                    boolean _ = Files.deleteIfExists(left);
                }
            }
        } catch (NoSuchFileException itsWriterWasAlive) {
            // The rest is for the next start.
        }
    }

    private static boolean isOurs(Path file) {
        return FRESH.matcher(file.getFileName().toString()).matches()
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Puts a file that is whole in the place of another, or of none. Both are in the same folder. */
    public static void replace(Path file, Path fresh) throws IOException {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
