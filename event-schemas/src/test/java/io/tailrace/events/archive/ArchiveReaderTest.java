package io.tailrace.events.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.tailrace.events.definition.ArtifactRef;
import io.tailrace.events.definition.EntryName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;

/** Archives as people pack them, and as attackers do. */
class ArchiveReaderTest {
    private static final ArchiveLimits LIMITS = new ArchiveLimits(50, 6_000_000);

    @Test
    void filesAreReadFromBothFormatsWithTheirExecutableBit() throws Exception {
        byte[] zip = zip(Map.of("a/b", "one", "run.sh", "two"));
        byte[] tar = tar(Map.of("./a/b", "one", "run.sh", "two"));

        assertThat(read(zip)).containsExactlyInAnyOrderEntriesOf(Map.of("a/b", "one", "run.sh *", "two"));
        assertThat(read(tar)).containsExactlyInAnyOrderEntriesOf(Map.of("a/b", "one", "run.sh *", "two"));
        assertThat(ArchiveReader.read(channel(zip), LIMITS, new Kept())).isEqualTo(ArtifactRef.ZIP);
        assertThat(ArchiveReader.read(channel(tar), LIMITS, new Kept())).isEqualTo(ArtifactRef.TAR_GZ);
    }

    @Test
    void aSparseFileIsReadWithItsHoles() throws Exception {
        byte[] sparse = gzip(sparseTar("holes.bin", 5_000_000, "end"));

        assertThat(read(sparse).get("holes.bin"))
                .hasSize(5_000_000)
                .endsWith("end")
                .startsWith("\0\0\0");
    }

    @Test
    void theHolesOfASparseFileAreCounted() throws Exception {
        assertRefused(gzip(sparseTar("holes.bin", 7_000_000_000L, "end")), "archive_too_large", "6000000 bytes");
    }

    @Test
    void whatLiesBehindTheEndIsPassedOver() throws Exception {
        byte[] tar = tar(Map.of("a", "one"));
        ByteArrayOutputStream longer = new ByteArrayOutputStream();
        longer.write(tar);
        longer.write(new byte[2048]);

        assertThat(read(longer.toByteArray())).containsEntry("a", "one");
    }

    @Test
    void nothingIsThereTwiceAndNoFileIsAFolder() throws Exception {
        assertRefused(
                tarOf(tar -> {
                    put(tar, new TarArchiveEntry("a"), "one");
                    put(tar, new TarArchiveEntry("b"), "two");
                    put(tar, new TarArchiveEntry("./a"), "three");
                }),
                "archive_unsafe",
                "is there twice");
        assertRefused(
                zipOf(zip -> {
                    put(zip, "a", "one");
                    put(zip, "a", "two");
                }),
                "archive_unsafe",
                "is there twice");
        assertRefused(
                tarOf(tar -> {
                    put(tar, new TarArchiveEntry("a"), "one");
                    put(tar, new TarArchiveEntry("a/b"), "two");
                }),
                "archive_unsafe",
                "lies in \"a\", which is a file");
        assertRefused(
                tarOf(tar -> {
                    put(tar, new TarArchiveEntry("a/b"), "one");
                    put(tar, new TarArchiveEntry("a"), "two");
                }),
                "archive_unsafe",
                "is a file, and a folder too");
        assertThat(read(tarOf(tar -> {
                    put(tar, new TarArchiveEntry("d/"), "");
                    put(tar, new TarArchiveEntry("d/a"), "one");
                    put(tar, new TarArchiveEntry("d/"), "");
                })))
                .containsEntry("d/a", "one");
    }

    @Test
    void whatIsRefusedIsRefusedWithTheTrueReason() throws Exception {
        assertRefused(tar(Map.of("src/../x", "one")), "archive_unsafe", "has \"..\" in its path");
        assertRefused(zip(Map.of("a:b.txt", "one")), "archive_unsafe", "names a drive on Windows");
        assertRefused(zip(Map.of("d/" + "x".repeat(256), "one")), "archive_unsafe", "more than 255 bytes");
        assertRefused(zipWithMethod(14), "archive_unsupported", "LZMA");
        assertRefused(zipWithMethod(77), "archive_unsupported", "number 77");
        assertRefused(zipWithFlag(1), "archive_encrypted", "is encrypted");
        assertRefused("neither".getBytes(StandardCharsets.UTF_8), "not_an_archive", "neither a zip nor a tar.gz");
        assertRefused(new byte[0], "not_an_archive", "neither a zip nor a tar.gz");
        assertRefused(tar(Map.of()), "archive_empty", "nothing in the archive");
        assertRefused(
                tarOf(tar -> {
                    TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
                    link.setLinkName("/etc");
                    put(tar, link, "");
                }),
                "archive_unsafe",
                "is a link");
        byte[] whole = tar(Map.of("a", "x".repeat(100_000)));
        assertRefused(Arrays.copyOf(whole, whole.length / 2), "archive_damaged", "cannot be read to its end");
    }

    @Test
    void foldersThatOnlyNamesTellOfAreCounted() throws Exception {
        assertRefused(
                tar(Map.of(
                        "a/b/c/d/e/f/g/h",
                        "one",
                        "b/" + "c/".repeat(30) + "d",
                        "two",
                        "c/" + "x/".repeat(20) + "d",
                        "3")),
                "archive_too_large",
                "more than 50 entries");
    }

    /** The list of a zip's entries is read into memory before the first one is looked at. */
    @Test
    void aListOfEntriesThatIsItselfABombIsRefused() throws Exception {
        byte[] bomb = zipOf(zip -> {
            for (int i = 0; i < 400; i++) {
                put(zip, "f" + i, "");
            }
        });

        assertRefused(bomb, "archive_too_large", "more than 50 entries");
        Kept kept = new Kept();
        assertThatExceptionOfType(RefusedArchive.class)
                .isThrownBy(() -> ArchiveReader.read(channel(bomb), LIMITS, kept));
        assertThat(kept.files).as("its list was not read").isEmpty();
    }

    /** A name may be as long as its writer likes, and packs well. */
    @Test
    void aHeaderThatIsItselfABombIsRefused() throws Exception {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        byte[] header = header("././@LongLink", 'L', 3_000_000);
        sign(header);
        tar.writeBytes(header);
        byte[] name = new byte[3_000_320];
        Arrays.fill(name, 0, 3_000_000, (byte) 'n');
        tar.writeBytes(name);
        byte[] bomb = gzip(tar.toByteArray());

        assertThat(bomb.length).isLessThan(20_000);
        assertRefused(bomb, "archive_damaged", "the header of an entry has more than 1048576 bytes");
    }

    @Test
    void aTargetThatFailsIsNoFaultOfTheArchive() throws Exception {
        ArchiveTarget full = new ArchiveTarget() {
            @Override
            public void folder(EntryName name) {}

            @Override
            public void file(EntryName name, InputStream content, boolean executable) throws IOException {
                throw new IOException("no space left");
            }
        };

        assertThatIOException()
                .isThrownBy(() -> ArchiveReader.read(channel(tar(Map.of("a", "one"))), LIMITS, full))
                .withMessage("no space left");
    }

    private static void assertRefused(byte[] archive, String code, String reason) {
        assertThatExceptionOfType(RefusedArchive.class)
                .isThrownBy(() -> read(archive))
                .satisfies(it -> assertThat(it.code()).as(it.reason()).isEqualTo(code))
                .satisfies(it -> assertThat(it.reason()).contains(reason));
    }

    private static Map<String, String> read(byte[] archive) throws RefusedArchive, IOException {
        Kept kept = new Kept();
        String _ = ArchiveReader.read(channel(archive), LIMITS, kept);
        return kept.files;
    }

    private static SeekableInMemoryByteChannel channel(byte[] bytes) {
        return new SeekableInMemoryByteChannel(bytes);
    }

    private static final class Kept implements ArchiveTarget {
        final Map<String, String> files = new TreeMap<>();

        @Override
        public void folder(EntryName name) {
            // Files are what counts here.
        }

        @Override
        public void file(EntryName name, InputStream content, boolean executable) throws IOException {
            files.put(name + (executable ? " *" : ""), new String(content.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private interface Writing<T> {
        void to(T archive) throws IOException;
    }

    static byte[] tar(Map<String, String> files) throws IOException {
        return tarOf(tar -> {
            for (Map.Entry<String, String> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setMode(file.getKey().endsWith(".sh") ? 0755 : 0644);
                put(tar, entry, file.getValue());
            }
        });
    }

    private static byte[] tarOf(Writing<TarArchiveOutputStream> writing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            writing.to(tar);
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    static byte[] zip(Map<String, String> files) throws IOException {
        return zipOf(zip -> {
            for (Map.Entry<String, String> file : files.entrySet()) {
                put(zip, file.getKey(), file.getValue());
            }
        });
    }

    private static byte[] zipOf(Writing<ZipArchiveOutputStream> writing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            writing.to(zip);
        }
        return bytes.toByteArray();
    }

    private static void put(ZipArchiveOutputStream zip, String name, String content) throws IOException {
        ZipArchiveEntry entry = new ZipArchiveEntry(name);
        entry.setUnixMode(name.endsWith(".sh") ? 0100755 : 0100644);
        zip.putArchiveEntry(entry);
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeArchiveEntry();
    }

    /** A zip whose one entry says that it is compressed otherwise. */
    private static byte[] zipWithMethod(int method) throws IOException {
        byte[] zip = zip(Map.of("a", "one"));
        return withShort(zip, 8, 10, method);
    }

    private static byte[] zipWithFlag(int flag) throws IOException {
        byte[] zip = zip(Map.of("a", "one"));
        return withShort(zip, 6, 8, flag);
    }

    /** Replaces a field of two bytes in the header of the entry and in the list of entries. */
    private static byte[] withShort(byte[] zip, int inHeader, int inList, int value) {
        byte[] changed = zip.clone();
        int list = 0;
        while (!(zip[list] == 'P' && zip[list + 1] == 'K' && zip[list + 2] == 1 && zip[list + 3] == 2)) {
            list++;
        }
        for (int at : new int[] {inHeader, list + inList}) {
            changed[at] = (byte) value;
            changed[at + 1] = (byte) (value >> 8);
        }
        return changed;
    }

    /** GNU's old format: one piece of data at the end, holes before it. */
    private static byte[] sparseTar(String name, long size, String end) {
        byte[] header = header(name, 'S', end.length());
        octal(header, 386, 12, size - end.length());
        octal(header, 398, 12, end.length());
        octal(header, 483, 12, size);
        sign(header);
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.writeBytes(header);
        byte[] data = new byte[512];
        text(data, 0, end);
        tar.writeBytes(data);
        tar.writeBytes(new byte[1024]);
        return tar.toByteArray();
    }

    private static byte[] header(String name, char type, long size) {
        byte[] header = new byte[512];
        text(header, 0, name);
        octal(header, 100, 8, 0644);
        octal(header, 108, 8, 0);
        octal(header, 116, 8, 0);
        octal(header, 124, 12, size);
        octal(header, 136, 12, 0);
        header[156] = (byte) type;
        text(header, 257, "ustar  ");
        return header;
    }

    private static void sign(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte it : header) {
            sum += it & 0xff;
        }
        octal(header, 148, 7, sum);
    }

    private static void text(byte[] into, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, into, at, bytes.length);
    }

    private static void octal(byte[] into, int at, int length, long value) {
        String digits = Long.toOctalString(value);
        text(into, at, "0".repeat(length - 1 - digits.length()) + digits);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }
}
