package io.tailrace.local.folder;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Folders as a whole. Stateless. */
public final class Folders {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> CREATED_OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(OWNER_ONLY);

    private Folders() {}

    /** Removes it and everything in it. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }

    /** Makes it anew: what an earlier process left there is gone. Its owner alone can look into it. */
    public static Path emptied(Path folder) throws IOException {
        if (Files.exists(folder)) {
            delete(folder);
        }
        return ownerOnly(folder);
    }

    /**
     * Makes it, if need be, so that its owner alone can look into it; one that is there already gets the same rights.
     * Whoever can read what Kafka and the services write sees all prompts and outputs.
     *
     * @throws IOException also where a volume takes no rights (vfat, some network volumes) and lets others in
     */
    public static Path ownerOnly(Path folder) throws IOException {
        Path made = createdOwnerOnly(folder);
        try {
            Files.setPosixFilePermissions(made, OWNER_ONLY);
        } catch (FileSystemException | UnsupportedOperationException refused) {
            if (!isOwnerOnly(made)) {
                throw new IOException(
                        "Other accounts can look into " + made + ", and it takes no other rights (" + refused
                                + "). Mount its volume for this account alone, or choose another data folder",
                        refused);
            }
        }
        return made;
    }

    private static boolean isOwnerOnly(Path folder) throws IOException {
        try {
            return OWNER_ONLY.containsAll(Files.getPosixFilePermissions(folder));
        } catch (UnsupportedOperationException noRights) {
            return false;
        }
    }

    /** Like {@link #ownerOnly}, but leaves the rights of a folder that is there already to whoever made it. */
    public static Path createdOwnerOnly(Path folder) throws IOException {
        return Files.createDirectories(folder, CREATED_OWNER_ONLY);
    }

    /** Makes the folder that a file is to lie in, as {@link #createdOwnerOnly} does. */
    public static void createdFor(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            createdOwnerOnly(parent);
        }
    }
}
