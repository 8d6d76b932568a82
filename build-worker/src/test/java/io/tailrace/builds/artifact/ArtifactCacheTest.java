package io.tailrace.builds.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tailrace.builds.testing.Packed;
import io.tailrace.events.definition.ArtifactRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactCacheTest {

    private final Packed one = packed(1, 5_000);
    private final Packed two = packed(2, 5_000);
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final Path folder;
    private final ArtifactCache cache;

    ArtifactCacheTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        ArtifactSource source = Packed.source(List.of(one, two));
        this.cache = new ArtifactCache(
                folder.resolve("cache"),
                (archive, receiver, stopped) -> {
                    reads.incrementAndGet();
                    source.read(archive, receiver, stopped);
                },
                now::get,
                7_000);
    }

    @Test
    void anArchiveIsReadOnceHoweverItsChunksCome() throws Exception {
        assertThat(fetch(one.ref())).hasBinaryContent(one.bytes());
        assertThat(fetch(one.ref())).hasBinaryContent(one.bytes());

        assertThat(reads).hasValue(1);
    }

    @Test
    void whatWasDamagedOnTheDiskIsReadAnew() throws Exception {
        fetch(one.ref());
        Files.write(folder.resolve("cache").resolve(one.ref().digest()), new byte[5_000]);

        assertThat(fetch(one.ref())).hasBinaryContent(one.bytes());
        assertThat(reads).hasValue(2);
    }

    @Test
    void theLongestUnusedGoesWhenThereAreTooMany() throws Exception {
        fetch(one.ref());
        now.updateAndGet(it -> it.plusSeconds(1));
        fetch(two.ref());

        assertThat(folder.resolve("cache").resolve(one.ref().digest())).doesNotExist();
        assertThat(folder.resolve("cache").resolve(two.ref().digest())).exists();
    }

    @Test
    void whatIsNotWhatItsDigestSaysIsRefusedAndNotKept() {
        ArtifactRef ref = one.ref();
        ArtifactSource lying = (archive, receiver, stopped) -> {
            for (int i = 0; i < ref.chunks(); i++) {
                if (receiver.chunk(i, new byte[10])) {
                    return;
                }
            }
        };

        assertThatExceptionOfType(ArchiveProblem.class)
                .isThrownBy(() -> new ArtifactCache(folder.resolve("cache"), lying, now::get, 7_000)
                        .fetch(ref, Files.createDirectory(folder.resolve("lying")), () -> false))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("archive_damaged"));
        assertThat(folder.resolve("cache")).isEmptyDirectory();
    }

    @Test
    void anArchiveThatIsTooLargeIsNotEvenRead() {
        ArtifactRef huge =
                new ArtifactRef(one.ref().digest(), ArtifactRef.ZIP, ArtifactCache.MAX_ARCHIVE_BYTES + 1, 1, 0, 0);

        assertThatExceptionOfType(ArchiveProblem.class)
                .isThrownBy(() -> fetch(huge))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("archive_too_large"));
        assertThat(reads).hasValue(0);
    }

    private Path fetch(ArtifactRef ref) throws ArchiveProblem, IOException {
        Path into = Files.createTempDirectory(folder, "build");
        return cache.fetch(ref, into, () -> false).orElseThrow();
    }

    private static Packed packed(int content, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) content);
        return new Packed(bytes, ArtifactRef.ZIP);
    }
}
