package io.tailrace.coordinator.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Keeps other accounts out of the state: who reads it reads prompts. Stateless. */
final class OwnerOnlyState {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private OwnerOnlyState() {}

    /** Others could look into it, and only the operator can change that. */
    static final class Open extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Open(Path folder, Exception refused) {
            super(
                    "Other accounts can look into " + folder
                            + ", which has prompts in it, and it takes no other rights ("
                            + refused + "). Mount its volume for this account alone, or name another folder in"
                            + " tailrace.coordinator.state-dir",
                    refused);
        }
    }

    /**
     * Does it. Kafka Streams lets its group look into the folder, anew each time that it is made.
     *
     * @throws Open where the volume takes no rights (vfat, some network volumes) and lets others in
     */
    static void enforce(Path folder) {
        try {
            Files.setPosixFilePermissions(folder, OWNER_ONLY);
        } catch (FileSystemException | UnsupportedOperationException refused) {
            if (!isEnforced(folder)) {
                throw new Open(folder, refused);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep others out of " + folder, e);
        }
    }

    private static boolean isEnforced(Path folder) {
        try {
            return OWNER_ONLY.containsAll(Files.getPosixFilePermissions(folder));
        } catch (UnsupportedOperationException noRights) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell who can look into " + folder, e);
        }
    }
}
