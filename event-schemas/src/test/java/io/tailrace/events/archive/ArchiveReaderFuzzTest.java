package io.tailrace.events.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.definition.EntryName;
import io.tailrace.events.fuzz.Damage;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;

/** Damaged archives: read within the limits, or refused with a reason. */
class ArchiveReaderFuzzTest {
    private static final ArchiveLimits LIMITS = new ArchiveLimits(20, 100_000);
    private static final Map<String, String> FILES = new TreeMap<>(
            Map.of("pyproject.toml", "[project]", "src/a/__init__.py", "x".repeat(2_000), "run.sh", "echo"));

    @Test
    void aDamagedArchiveIsReadWithinItsLimitsOrRefused() throws IOException {
        List<byte[]> good = List.of(ArchiveReaderTest.zip(FILES), ArchiveReaderTest.tar(FILES));
        for (int i = 0; i < Damage.tries(4_000); i++) {
            Damage damage = Damage.number(i);
            byte[] bytes = damage.of(good.get(damage.random().nextInt(good.size())));
            Counted counted = new Counted();
            try {
                assertThat(ArchiveReader.read(new SeekableInMemoryByteChannel(bytes), LIMITS, counted))
                        .isIn("zip", "tar.gz");
            } catch (RefusedArchive refused) {
                assertThat(refused.reason()).as("%s", i).isNotBlank().doesNotContain("java.", "org.", "Exception");
            }
            assertThat(counted.bytes).as("%s", i).isLessThanOrEqualTo(LIMITS.bytes());
            assertThat(counted.files).as("%s", i).isLessThanOrEqualTo(LIMITS.entries());
        }
    }

    private static final class Counted implements ArchiveTarget {
        int files;
        long bytes;

        @Override
        public void folder(EntryName name) {
            // Counted by the reader.
        }

        @Override
        public void file(EntryName name, InputStream content, boolean executable) throws IOException {
            files++;
            bytes += content.readAllBytes().length;
        }
    }
}
