package io.tailrace.builds.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tailrace.events.archive.ArchiveLimits;
import io.tailrace.events.definition.ArtifactRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives as attackers make them. */
class ArchivesTest {

    private static final ArchiveLimits LIMITS = new ArchiveLimits(10, 10_000);
    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);

    private final Path folder;
    private final Path into;

    ArchivesTest(@TempDir Path folder) {
        this.folder = folder;
        this.into = folder.resolve("into");
    }

    @BeforeEach
    void make() throws IOException {
        Files.createDirectory(into);
    }

    @Test
    void filesAndFoldersAreUnpackedWithTheirContentAndExecutableBit() throws Exception {
        unpackZip(zip -> {
            entry(zip, "a/b/file", 0100644, TEXT);
            entry(zip, "a/run.sh", 0100755, TEXT);
        });
        unpackTar(tar -> {
            TarArchiveEntry executable = new TarArchiveEntry("t/run.sh");
            executable.setMode(0755);
            entry(tar, executable, TEXT);
            entry(tar, new TarArchiveEntry("./t/./file"), TEXT);
        });

        assertThat(into.resolve("a/b/file")).hasContent("text");
        assertThat(into.resolve("t/file")).hasContent("text");
        assertThat(into.resolve("a/run.sh")).isExecutable();
        assertThat(into.resolve("t/run.sh")).isExecutable();
        assertThat(Files.isExecutable(into.resolve("a/b/file"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../outside", "a/../../outside", "/tmp/outside", "C:/outside", "a\\..\\outside", "a/\u0001", "."
            })
    void aPathThatLeadsElsewhereIsRefused(String name) {
        assertThat(codeOf(() -> unpackZip(zip -> entry(zip, name, 0100644, TEXT))))
                .isEqualTo("archive_unsafe");
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        assertThat(codeOf(() -> unpackTar(tar -> entry(tar, entry, TEXT)))).isEqualTo("archive_unsafe");
        assertThat(folder.resolve("outside")).doesNotExist();
    }

    @Test
    void linksAreRefused() {
        assertThat(codeOf(() ->
                        unpackZip(zip -> entry(zip, "link", 0120777, "/etc/passwd".getBytes(StandardCharsets.UTF_8)))))
                .isEqualTo("archive_unsafe");
        assertThat(codeOf(() -> unpackTar(tar -> {
                    TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
                    link.setLinkName("/etc");
                    entry(tar, link, new byte[0]);
                })))
                .isEqualTo("archive_unsafe");
        assertThat(codeOf(() -> unpackTar(tar -> {
                    TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_LINK);
                    link.setLinkName("../../etc/passwd");
                    entry(tar, link, new byte[0]);
                })))
                .isEqualTo("archive_unsafe");
        assertThat(into).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO})
    void devicesAndPipesAreRefused(byte type) {
        assertThat(codeOf(() -> unpackTar(tar -> entry(tar, new TarArchiveEntry("dev", type), new byte[0]))))
                .isEqualTo("archive_unsafe");
        assertThat(into).isEmptyDirectory();
    }

    @Test
    void bombsAreRefused() {
        assertThat(codeOf(() -> unpackZip(zip -> entry(zip, "zeros", 0100644, new byte[10_001]))))
                .isEqualTo("archive_too_large");
        assertThat(codeOf(() -> unpackTar(tar -> entry(tar, new TarArchiveEntry("zeros2"), new byte[10_001]))))
                .isEqualTo("archive_too_large");
        assertThat(codeOf(() -> unpackZip(zip -> {
                    for (int i = 0; i < 11; i++) {
                        entry(zip, "many" + i, 0100644, TEXT);
                    }
                })))
                .isEqualTo("archive_too_large");
    }

    @Test
    void aFileThatIsThereTwiceIsRefused() {
        assertThat(codeOf(() -> unpackTar(tar -> {
                    entry(tar, new TarArchiveEntry("file"), TEXT);
                    entry(tar, new TarArchiveEntry("file/inner"), TEXT);
                })))
                .isEqualTo("archive_unsafe");
        assertThat(codeOf(() -> unpackTar(tar -> {
                    entry(tar, new TarArchiveEntry("twice"), TEXT);
                    entry(tar, new TarArchiveEntry("./twice"), TEXT);
                })))
                .isEqualTo("archive_unsafe");
    }

    @Test
    void whatIsNoArchiveIsDamaged() {
        for (String format : new String[] {ArtifactRef.ZIP, ArtifactRef.TAR_GZ, "rar"}) {
            assertThat(codeOf(() -> unpack("neither".getBytes(StandardCharsets.UTF_8), format)))
                    .isEqualTo("not_an_archive");
        }
    }

    /** The format that it was taken with stands in the log; what the bytes are now is something else. */
    @Test
    void anotherFormatThanTheOneThatWasTakenIsDamaged() {
        assertThat(codeOf(() -> {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
                        entry(zip, "file", 0100644, TEXT);
                    }
                    unpack(bytes.toByteArray(), ArtifactRef.TAR_GZ);
                }))
                .isEqualTo("archive_damaged");
    }

    @Test
    void theProjectIsAtTheRootOrInTheOnlyFolderThere() throws Exception {
        Path one = Files.createDirectories(into.resolve("project"));
        assertThat(codeOf(() -> Archives.projectIn(into))).isEqualTo("no_project_file");

        Files.createFile(one.resolve("setup.py"));
        assertThat(Archives.projectIn(into)).isEqualTo(one);

        Files.createDirectory(into.resolve("__MACOSX"));
        assertThat(Archives.projectIn(into)).isEqualTo(one);

        Files.createDirectory(into.resolve("second"));
        assertThat(codeOf(() -> Archives.projectIn(into))).isEqualTo("no_project_file");

        Files.createFile(into.resolve("pyproject.toml"));
        assertThat(Archives.projectIn(into)).isEqualTo(into);
    }

    private void unpackZip(Writing<ZipArchiveOutputStream> writing) throws IOException, ArchiveProblem {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            writing.to(zip);
        }
        unpack(bytes.toByteArray(), ArtifactRef.ZIP);
    }

    private void unpackTar(Writing<TarArchiveOutputStream> writing) throws IOException, ArchiveProblem {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(bytes))) {
            writing.to(tar);
        }
        unpack(bytes.toByteArray(), ArtifactRef.TAR_GZ);
    }

    private void unpack(byte[] archive, String format) throws IOException, ArchiveProblem {
        Archives.unpack(Files.write(folder.resolve("archive"), archive), format, into, LIMITS);
    }

    private static void entry(ZipArchiveOutputStream zip, String name, int mode, byte[] content) throws IOException {
        ZipArchiveEntry entry = new ZipArchiveEntry(name);
        entry.setUnixMode(mode);
        zip.putArchiveEntry(entry);
        zip.write(content);
        zip.closeArchiveEntry();
    }

    private static void entry(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] content) throws IOException {
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static String codeOf(Unpacking unpacking) {
        ArchiveProblem[] problem = new ArchiveProblem[1];
        assertThatExceptionOfType(ArchiveProblem.class)
                .isThrownBy(unpacking::run)
                .satisfies(thrown -> problem[0] = thrown);
        return problem[0].code();
    }

    private interface Writing<T> {
        void to(T archive) throws IOException;
    }

    private interface Unpacking {
        void run() throws Exception;
    }
}
