package io.tailrace.builds.environment;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Writes the {@link Manifest} of an environment, line by line. Of the files that it cannot work without it reads no more than a bound: the
 * rest is known by its size. Files that Python makes by itself ({@code __pycache__}) are left out, and so are names that have no text.
 * Confined to one thread.
 */
final class ManifestWriter {

    /** Of one file. What is larger is known by its size. */
    static final long MAX_DIGESTED_BYTES = 64L * 1024 * 1024;

    /** Of one environment. */
    private static final long MAX_DIGESTED_TOTAL = 1024L * 1024 * 1024;

    private static final String BYTE_CODE = "__pycache__";

    /** What stands for bytes of a name that are no text. */
    private static final char NO_TEXT = '\uFFFD';

    private final Path folder;
    private final OutputStream out;
    private long written;
    private long digested;

    private ManifestWriter(Path folder, OutputStream out) {
        this.folder = folder;
        this.out = out;
    }

    /**
     * Looks at an environment's files and writes their manifest. It is on the disk when this returns.
     *
     * @return the manifest's digest
     * @throws UnfitEnvironment when the files cannot be read within bounds
     * @throws IOException when the manifest cannot be written
     */
    static String write(Path manifest, Path folder, StoredEnvironment facts) throws IOException {
        MessageDigest digest = Fingerprint.sha256();
        try (FileChannel channel = FileChannel.open(
                        manifest,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                OutputStream out = new DigestOutputStream(
                        new BufferedOutputStream(Channels.newOutputStream(channel), 64 * 1024), digest)) {
            ManifestWriter writer = new ManifestWriter(folder, out);
            writer.line(Manifest.INTERPRETER, facts.interpreterVersion());
            writer.line(Manifest.SIZE, Long.toString(facts.sizeBytes()));
            for (var it : facts.packages()) {
                writer.line(Manifest.PACKAGE, it.name(), it.version());
            }
            BuiltFiles.walk(folder, writer::file);
            out.flush();
            channel.force(true);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private void file(Path file, BasicFileAttributes attributes) throws IOException {
        Path relative = folder.relativize(file);
        String name = relative.toString();
        if (isByteCode(relative) || name.indexOf(NO_TEXT) >= 0) {
            return;
        }
        if (attributes.isSymbolicLink()) {
            line(Manifest.LINK, name, target(file));
        } else if (attributes.isRegularFile()) {
            long size = attributes.size();
            boolean digests = isKey(name) && size <= MAX_DIGESTED_BYTES && size <= MAX_DIGESTED_TOTAL - digested;
            digested += digests ? size : 0;
            line(Manifest.FILE, name, Long.toString(size), digests ? digest(file) : Manifest.NO_DIGEST);
        }
    }

    private static boolean isByteCode(Path relative) {
        for (Path part : relative) {
            if (part.toString().equals(BYTE_CODE)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isKey(String name) {
        return name.equals("pyvenv.cfg") || name.startsWith("bin/") || name.endsWith(".dist-info/RECORD");
    }

    private String target(Path link) throws UnfitEnvironment {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw UnfitEnvironment.unreadable(folder.relativize(link));
        }
    }

    private String digest(Path file) throws UnfitEnvironment {
        try {
            return Fingerprint.digest(file);
        } catch (IOException e) {
            throw UnfitEnvironment.unreadable(folder.relativize(file));
        }
    }

    private void line(String... words) throws IOException {
        byte[] bytes = (Manifest.line(words) + "\n").getBytes(StandardCharsets.UTF_8);
        written += bytes.length;
        if (written > Manifest.MAX_BYTES) {
            throw UnfitEnvironment.tooManyFiles(BuiltFiles.MAX_FILES);
        }
        out.write(bytes);
    }
}
