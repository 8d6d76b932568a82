package io.tailrace.build.artifact;

import io.tailrace.events.definition.ArtifactRef;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Unpacks archives that strangers made: files and folders only, inside the target only, within bounds. */
public final class Archives {

    private static final List<String> PROJECT_FILES = List.of("pyproject.toml", "setup.py");

    private Archives() {}

    /**
     * Unpacks into an empty folder.
     *
     * @param format as in {@link ArtifactRef}
     * @throws ArchiveProblem when the archive is damaged, exceeds a bound, or has an entry that is no file and no folder, or lies outside
     */
    public static void unpack(Path archive, String format, Path into, UnpackLimits limits) throws ArchiveProblem {
        UnpackTarget target = new UnpackTarget(into, limits);
        try {
            switch (format) {
                case ArtifactRef.ZIP -> unzip(archive, target);
                case ArtifactRef.TAR_GZ -> untar(archive, target);
                default -> throw ArchiveProblem.damaged("its format \"" + format + "\" is neither zip nor tar.gz");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw ArchiveProblem.damaged(String.valueOf(e.getMessage()));
        }
    }

    private static void unzip(Path archive, UnpackTarget target) throws IOException, ArchiveProblem {
        try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                boolean hasUnixMode = entry.getPlatform() == ZipArchiveEntry.PLATFORM_UNIX && entry.getUnixMode() != 0;
                if (entry.isUnixSymlink()) {
                    throw ArchiveProblem.unsafe(entry.getName(), "is a link");
                }
                if (entry.isDirectory()) {
                    target.folder(entry.getName());
                } else if (hasUnixMode && !isPlainFile(entry.getUnixMode())) {
                    throw ArchiveProblem.unsafe(entry.getName(), "is no file and no folder");
                } else if (!zip.canReadEntryData(entry)) {
                    throw ArchiveProblem.damaged(
                            "\"" + entry.getName() + "\" is encrypted or packed in an unknown way");
                } else {
                    try (InputStream in = zip.getInputStream(entry)) {
                        target.file(entry.getName(), in, hasUnixMode && isExecutable(entry.getUnixMode()));
                    }
                }
            }
        }
    }

    private static void untar(Path archive, UnpackTarget target) throws IOException, ArchiveProblem {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(archive));
                GzipCompressorInputStream unpacked = GzipCompressorInputStream.builder()
                        .setInputStream(in)
                        .setDecompressConcatenated(true)
                        .get();
                TarArchiveInputStream tar = new TarArchiveInputStream(target.bounded(unpacked))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isSymbolicLink() || entry.isLink()) {
                    throw ArchiveProblem.unsafe(entry.getName(), "is a link");
                }
                if (entry.isDirectory()) {
                    target.folder(entry.getName());
                } else if (!isPlainFile(entry)) {
                    throw ArchiveProblem.unsafe(entry.getName(), "is no file and no folder");
                } else {
                    target.file(entry.getName(), tar, isExecutable(entry.getMode()));
                }
            }
        }
    }

    /** The library calls devices and pipes files too. */
    private static boolean isPlainFile(TarArchiveEntry entry) {
        boolean isSpecial = entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO();
        return entry.isFile() && !isSpecial && !entry.isSparse();
    }

    private static boolean isPlainFile(int mode) {
        int type = mode & 0170000;
        return type == 0100000 || type == 0;
    }

    private static boolean isExecutable(int mode) {
        return (mode & 0100) != 0;
    }

    /**
     * The folder of the project in an unpacked archive: its root, or the single folder at its top.
     *
     * @throws ArchiveProblem when neither has a project file
     */
    public static Path projectIn(Path unpacked) throws ArchiveProblem, IOException {
        if (hasProjectFile(unpacked)) {
            return unpacked;
        }
        List<Path> top = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(unpacked)) {
            entries.forEach(top::add);
        }
        List<Path> folders = top.stream().filter(Files::isDirectory).toList();
        if (folders.size() == 1 && hasProjectFile(folders.getFirst())) {
            return folders.getFirst();
        }
        throw ArchiveProblem.noProject();
    }

    private static boolean hasProjectFile(Path folder) {
        return PROJECT_FILES.stream().anyMatch(name -> Files.isRegularFile(folder.resolve(name)));
    }
}
