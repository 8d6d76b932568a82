package io.tailrace.events.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.definition.EntryName;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Damaged and invented archives: refused or read, within the limits, and nothing else. */
class ArchiveReaderProperties {
    private static final ArchiveLimits LIMITS = new ArchiveLimits(20, 100_000);
    private static final Map<String, String> FILES =
            Map.of("pyproject.toml", "[project]", "src/a/__init__.py", "x".repeat(2_000), "run.sh", "echo");

    record Change(double at, byte value, boolean cut) {}

    @Provide
    Arbitrary<Change> change() {
        return Combinators.combine(
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.bytes(),
                        Arbitraries.of(false, false, false, true))
                .as(Change::new);
    }

    @Property(tries = 1500)
    void aChangedArchiveIsReadWithinItsLimitsOrRefused(@ForAll boolean zip, @ForAll("changes") List<Change> changes)
            throws IOException {
        byte[] bytes = zip ? ArchiveReaderTest.zip(FILES) : ArchiveReaderTest.tar(FILES);
        for (Change change : changes) {
            int at = (int) (change.at() * (bytes.length - 1));
            if (change.cut()) {
                bytes = Arrays.copyOf(bytes, Math.max(4, at));
            } else {
                bytes[at] = change.value();
            }
        }
        readOrRefuse(bytes);
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        return change().list().ofMinSize(1).ofMaxSize(5);
    }

    @Property(tries = 500)
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes, @ForAll boolean zip) throws IOException {
        byte[] begun = new byte[bytes.length + 4];
        System.arraycopy(bytes, 0, begun, 4, bytes.length);
        System.arraycopy(zip ? new byte[] {'P', 'K', 3, 4} : new byte[] {0x1f, (byte) 0x8b, 8, 0}, 0, begun, 0, 4);
        readOrRefuse(begun);
        readOrRefuse(bytes);
    }

    private static void readOrRefuse(byte[] bytes) throws IOException {
        Counted counted = new Counted();
        try {
            assertThat(ArchiveReader.read(new SeekableInMemoryByteChannel(bytes), LIMITS, counted))
                    .isIn("zip", "tar.gz");
        } catch (RefusedArchive e) {
            assertThat(e.code()).matches("[a-z_]+");
            assertThat(e.reason()).isNotBlank().doesNotContain("null", "java.", "org.");
        }
        assertThat(counted.bytes).isLessThanOrEqualTo(LIMITS.bytes());
        assertThat(counted.names.size()).isLessThanOrEqualTo(LIMITS.entries());
    }

    private static final class Counted implements ArchiveTarget {
        final Set<String> names = new HashSet<>();
        long bytes;

        @Override
        public void folder(EntryName name) {
            // Counted by the reader.
        }

        @Override
        public void file(EntryName name, InputStream content, boolean executable) throws IOException {
            assertThat(names.add(name.toString())).isTrue();
            assertThat(name.parts()).isNotEmpty().doesNotContain("..", ".", "");
            byte[] buffer = new byte[1000];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                bytes += read;
            }
        }
    }
}
