package io.tailrace.builds.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.events.stage.BuildFact.InstalledPackage;
import io.tailrace.sandbox.testing.DeepFolders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class EnvironmentStoreTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final StoredEnvironment FACTS =
            new StoredEnvironment("3.12.1", List.of(new InstalledPackage("an engine", "1.0+x")), 1_000);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final Path folder;
    private final EnvironmentStore store;

    EnvironmentStoreTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.store = store(Duration.ofDays(10), 2_500);
    }

    @Test
    void whatWasPublishedIsThereWithWhatIsKnownOfIt() throws Exception {
        publish("one");

        assertThat(current("one")).isTrue();
        try (EnvironmentSlot slot = lock("one")) {
            assertThat(slot.current()).contains(FACTS);
        }
    }

    @Test
    void whatWasNotPublishedIsSeenByNobodyAndRemovedByTheNextBuild() throws Exception {
        Path unfinished;
        try (EnvironmentSlot slot = lock("one")) {
            unfinished = slot.prepare("unfinished");
            fill(unfinished);
        }

        assertThat(current("one")).isFalse();
        publish("one");

        assertThat(unfinished).doesNotExist();
        assertThat(current("one")).isTrue();
    }

    @Test
    void whatMissesAFileOrHasAnotherIsNotUsed() throws Exception {
        Path built = publish("one");
        Files.writeString(built.resolve("lib/module.py"), "changed in size");
        assertThat(current("one")).isFalse();

        built = publish("one");
        Files.writeString(built.resolve("bin/python"), "PYTHON");
        assertThat(current("one")).as("same size, other content").isFalse();

        built = publish("one");
        Files.delete(built.resolve("link"));
        assertThat(current("one")).isFalse();

        built = publish("one");
        Files.createDirectories(built.resolve("lib/__pycache__"));
        Files.writeString(built.resolve("lib/__pycache__/module.pyc"), "made by Python itself");
        assertThat(current("one")).isTrue();

        Files.writeString(built.resolveSibling(built.getFileName() + ".manifest"), "");
        assertThat(current("one")).isFalse();
    }

    /** More than fits into one array of Java's, and more than most heaps have. */
    @Test
    void whatIsHugeAndSparseIsNeitherReadIntoMemoryNorForgotten() throws Exception {
        try (EnvironmentSlot slot = store(Duration.ofDays(10), 8L << 30)
                .lock(fingerprint("one"), () -> false)
                .orElseThrow()) {
            Path built = slot.prepare("built");
            fill(built);
            sparse(built.resolve("bin/huge"), 3L << 30);
            assertThat(slot.sizeOf(built)).isGreaterThan(3L << 30);
            slot.publish(built, FACTS);
            assertThat(slot.current()).contains(FACTS);

            sparse(built.resolve("bin/huge"), (3L << 30) + 1);
            assertThat(slot.current()).as("of another size").isEmpty();
        }
    }

    @Test
    void whatIsTooLargeByItsOwnWordIsTheBuildsFault() throws Exception {
        try (EnvironmentSlot slot = lock("one")) {
            Path built = slot.prepare("built");
            fill(built);
            sparse(built.resolve("bin/huge"), 3_000);

            assertThatThrownBy(() -> slot.sizeOf(built)).isInstanceOfSatisfying(UnfitEnvironment.class, unfit -> {
                assertThat(unfit.code()).isEqualTo("environment_too_large");
                assertThat(unfit.reason()).contains("tailrace.worker.environments.max-size");
            });
        }
    }

    @Test
    void foldersInMoreLevelsThanAnybodyNeedsAreTheBuildsFault() throws Exception {
        try (EnvironmentSlot slot = lock("one")) {
            Path built = slot.prepare("built");
            Files.createDirectories(built.resolve("a/".repeat(BuiltFiles.MAX_DEPTH)));

            assertThatThrownBy(() -> slot.publish(built, FACTS))
                    .isInstanceOfSatisfying(
                            UnfitEnvironment.class,
                            unfit -> assertThat(unfit.code()).isEqualTo("environment_unreadable"));
            assertThat(slot.current()).isEmpty();
        }
    }

    /** Deeper than any path: nobody can read it, and the next build of the same must not be kept by it. */
    @Test
    void whatNoPathReachesKeepsNobodyFromThePlace() throws Exception {
        Path left;
        try (EnvironmentSlot slot = lock("one")) {
            left = slot.prepare("left");
            DeepFolders.make(left, 5_000);
            assertThatThrownBy(() -> slot.sizeOf(left)).isInstanceOf(UnfitEnvironment.class);
        }

        publish("one");

        assertThat(current("one")).isTrue();
        assertThat(left).doesNotExist();
        try (EnvironmentSlot slot = lock("one")) {
            DeepFolders.make(slot.currentFolder().orElseThrow().resolve("lib"), 5_000);
        }
        now.updateAndGet(it -> it.plus(Duration.ofDays(11)));
        assertThat(store.evict()).isEqualTo(1);
    }

    private static void sparse(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), size - 1);
        }
    }

    @Test
    void oneThatIsLockedIsNotLockedAgainByAnotherStoreAndWaitingCanBeStopped() throws Exception {
        EnvironmentStore other = store(Duration.ofDays(10), 2_500);
        try (EnvironmentSlot held = lock("one")) {
            assertThat(held.current()).isEmpty();
            int[] asked = {0};
            assertThat(other.lock(fingerprint("one"), () -> ++asked[0] > 3)).isEmpty();
        }

        try (EnvironmentSlot free = other.lock(fingerprint("one"), () -> false).orElseThrow()) {
            assertThat(free.current()).isEmpty();
        }
    }

    @Test
    void theLongestUnusedAreRemovedWhileAllAreTooLarge() throws Exception {
        for (String name : List.of("one", "two", "three")) {
            publish(name);
            now.updateAndGet(it -> it.plusSeconds(60));
        }
        assertThat(current("one")).isTrue(); // used: now the second is the longest unused

        assertThat(store.evict()).isEqualTo(1);

        assertThat(current("two")).isFalse();
        assertThat(current("one")).isTrue();
        assertThat(current("three")).isTrue();
    }

    @Test
    void whatWasNotUsedForTooLongIsRemovedUnlessItIsLeasedOrLocked() throws Exception {
        for (String name : List.of("leased", "locked")) {
            publish(name);
        }
        now.updateAndGet(it -> it.plus(Duration.ofDays(11)));
        AutoCloseable lease;
        try (EnvironmentSlot slot = lock("leased")) {
            lease = slot.lease();
        }
        EnvironmentSlot locked = lock("locked");
        assertThat(store.evict()).isZero();

        locked.close();
        assertThat(store.evict()).isEqualTo(1);
        assertThat(current("leased")).isTrue();
        now.updateAndGet(it -> it.plus(Duration.ofDays(11)));
        lease.close();
        assertThat(store.evict()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "size", "size x", "size %zz"})
    void aDamagedEnvironmentStopsNobodyFromRemovingOthersAndGoesWithItsAge(String manifest) throws Exception {
        Path damaged = publish("damaged");
        Files.writeString(damaged.resolveSibling(damaged.getFileName() + ".manifest"), manifest);
        now.updateAndGet(it -> it.plus(Duration.ofDays(6)));
        publish("sound");
        assertThat(store.evict()).isZero();

        now.updateAndGet(it -> it.plus(Duration.ofDays(6)));
        assertThat(store.evict()).isEqualTo(1);
        assertThat(damaged).doesNotExist();

        now.updateAndGet(it -> it.plus(Duration.ofDays(6)));
        assertThat(store.evict()).isEqualTo(1);
    }

    private EnvironmentStore store(Duration maxAge, long maxBytes) throws IOException {
        InstantSource clock = now::get;
        return new EnvironmentStore(folder.resolve("environments"), clock, maxAge, maxBytes);
    }

    private EnvironmentSlot lock(String name) throws IOException {
        return store.lock(fingerprint(name), () -> false).orElseThrow();
    }

    private boolean current(String name) throws IOException {
        try (EnvironmentSlot slot = lock(name)) {
            return slot.current().isPresent();
        }
    }

    private Path publish(String name) throws IOException {
        try (EnvironmentSlot slot = lock(name)) {
            Path built = slot.prepare("built-" + System.nanoTime());
            fill(built);
            slot.publish(built, FACTS);
            return built;
        }
    }

    private static void fill(Path built) throws IOException {
        Files.createDirectories(built.resolve("bin"));
        Files.createDirectories(built.resolve("lib"));
        Files.writeString(built.resolve("bin/python"), "python");
        Files.writeString(built.resolve("lib/module.py"), "x = 1");
        Files.createSymbolicLink(built.resolve("link"), Path.of("bin"));
    }

    private static Fingerprint fingerprint(String name) {
        return Fingerprint.of(Map.of("name", name));
    }
}
