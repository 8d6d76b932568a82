package io.tailrace.builds.artifact;

import io.tailrace.events.archive.ArchiveLimits;
import io.tailrace.events.archive.ArchiveReader;
import io.tailrace.events.archive.RefusedArchive;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Unpacks archives that strangers made: files and folders only, inside the target only, within bounds. */
public final class Archives {

    private static final List<String> PROJECT_FILES = List.of("pyproject.toml", "setup.py");

    /** What macOS packs beside the folder that it was asked to pack. */
    private static final String RESOURCE_FORKS = "__MACOSX";

    private Archives() {}

    /**
     * Unpacks into an empty folder.
     *
     * @param format as in {@link io.tailrace.events.definition.ArtifactRef}
     * @throws ArchiveProblem when the archive is another one than was taken, or may not be unpacked
     * @throws IOException when the folder cannot be written to
     */
    public static void unpack(Path archive, String format, Path into, ArchiveLimits limits)
            throws ArchiveProblem, IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(archive)) {
            String found = ArchiveReader.read(channel, limits, new UnpackTarget(into));
            if (!found.equals(format)) {
                throw ArchiveProblem.damaged("its format is " + found + ", and not " + format);
            }
        } catch (RefusedArchive e) {
            throw ArchiveProblem.refused(e);
        }
    }

    /**
     * The folder of the project in an unpacked archive: its root, or the single folder at its top (beside what macOS adds).
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
        List<Path> folders = top.stream()
                .filter(Files::isDirectory)
                .filter(it -> !it.getFileName().toString().equals(RESOURCE_FORKS))
                .toList();
        if (folders.size() == 1 && hasProjectFile(folders.getFirst())) {
            return folders.getFirst();
        }
        throw ArchiveProblem.noProject();
    }

    private static boolean hasProjectFile(Path folder) {
        return PROJECT_FILES.stream().anyMatch(name -> Files.isRegularFile(folder.resolve(name)));
    }
}
