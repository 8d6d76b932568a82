package io.tailrace.builds.environment;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of environments, which several workers of a machine may share. Safe from any thread. */
public final class EnvironmentStore {

    private static final Logger log = LoggerFactory.getLogger(EnvironmentStore.class);
    private static final String LOCKS = "locks";
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);

    private final Path folder;
    private final Path locks;
    private final InstantSource clock;
    private final Duration maxAge;
    private final long maxBytes;

    /**
     * A store in this folder, which is made if it is missing.
     *
     * @param maxAge environments that were not used for so long are removed
     * @param maxBytes the longest unused are removed while all together are larger; one alone that is larger is not kept
     */
    public EnvironmentStore(Path folder, InstantSource clock, Duration maxAge, long maxBytes) throws IOException {
        this.folder =
                Files.createDirectories(folder.toAbsolutePath().normalize()).toRealPath();
        Files.setPosixFilePermissions(this.folder, PosixFilePermissions.fromString("rwx------"));
        this.locks = Files.createDirectories(this.folder.resolve(LOCKS));
        this.clock = clock;
        this.maxAge = maxAge;
        this.maxBytes = maxBytes;
    }

    /** The folder itself. */
    public Path path() {
        return folder;
    }

    /**
     * Locks the place of a fingerprint; waits while another build, of this worker or another, has it.
     *
     * @param stopped asked again and again while it waits
     * @return nothing when it was stopped
     */
    public Optional<EnvironmentSlot> lock(Fingerprint fingerprint, BooleanSupplier stopped) throws IOException {
        while (!stopped.getAsBoolean()) {
            Optional<EnvironmentSlot> slot = tryLock(fingerprint.value());
            if (slot.isPresent()) {
                return slot;
            }
            // The kernel tells nobody but a blocked thread, and that one could not be canceled.
            LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
        }
        return Optional.empty();
    }

    private Optional<EnvironmentSlot> tryLock(String fingerprint) throws IOException {
        return FileLocks.tryExclusive(locks.resolve(fingerprint + ".lock"))
                .map(lock ->
                        new EnvironmentSlot(folder.resolve(fingerprint), leaseOf(fingerprint), clock, maxBytes, lock));
    }

    private Path leaseOf(String fingerprint) {
        return locks.resolve(fingerprint + ".lease");
    }

    /**
     * Removes what is too old or too much, but nothing that is being built or used.
     *
     * @return how many environments
     */
    public int evict() throws IOException {
        List<Used> environments = environments();
        Instant oldest = clock.instant().minus(maxAge);
        long bytes = environments.stream().mapToLong(Used::bytes).sum();
        int evicted = 0;
        for (Used environment : environments) {
            boolean tooOld = environment.at().isBefore(oldest);
            if ((tooOld || bytes > maxBytes) && remove(environment.fingerprint())) {
                bytes -= environment.bytes();
                evicted++;
            }
        }
        return evicted;
    }

    private boolean remove(String fingerprint) throws IOException {
        Optional<EnvironmentSlot> slot = tryLock(fingerprint);
        if (slot.isEmpty()) {
            return false;
        }
        try (EnvironmentSlot locked = slot.get()) {
            Optional<AutoCloseable> unused = FileLocks.tryExclusive(leaseOf(fingerprint));
            if (unused.isEmpty()) {
                return false;
            }
            try {
                locked.remove();
                log.info("Removed the environment {}", fingerprint);
                return true;
            } catch (IOException e) {
                log.warn("The environment {} cannot be removed as a whole; the next build tries again", fingerprint, e);
                return false;
            } finally {
                EnvironmentSlot.close(unused.get());
            }
        }
    }

    /** The longest unused first. */
    private List<Used> environments() throws IOException {
        List<Used> found = new ArrayList<>();
        try (DirectoryStream<Path> places = Files.newDirectoryStream(folder)) {
            for (Path place : places) {
                String name = place.getFileName().toString();
                if (Fingerprint.isFingerprint(name)) {
                    found.add(used(place, name));
                }
            }
        }
        found.sort(Comparator.comparing(Used::at));
        return found;
    }

    /** One without a pointer is what a build left that never ended. */
    private static Used used(Path place, String fingerprint) throws IOException {
        Path pointer = place.resolve("current");
        Path lastTouched = Files.exists(pointer) ? pointer : place;
        return new Used(fingerprint, Files.getLastModifiedTime(lastTouched).toInstant(), bytes(place, pointer));
    }

    /** 0 where it cannot be told, so that a damaged environment stops nobody from removing others, and goes with its age. */
    private static long bytes(Path place, Path pointer) {
        try {
            String name = EnvironmentSlot.readPointer(pointer).split("\n", 2)[0];
            return new Manifest(place.resolve(name + ".manifest")).sizeBytes();
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return 0;
        }
    }

    private record Used(String fingerprint, Instant at, long bytes) {}
}
