package io.tailrace.builds.testing;

import io.tailrace.builds.artifact.ArtifactSource;
import io.tailrace.events.definition.ArtifactRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** An archive in memory, and the source of its chunks. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Packed(byte[] bytes, String format) {

    private static final int CHUNK = 700;
    private static final LocalDateTime TIME = LocalDateTime.of(2020, 1, 1, 0, 0);

    /** The folder's content, below a top folder. The same bytes whenever and by whichever process it is packed. */
    public static Packed zip(Path folder, String top) throws IOException {
        return zip(folder, top, Map.of());
    }

    /**
     * The same with more.
     *
     * @param more by their whole names; they replace what the folder has
     */
    public static Packed zip(Path folder, String top, Map<String, byte[]> more) throws IOException {
        SortedMap<String, byte[]> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(it -> !it.toString().contains("__pycache__"))
                    .toList()) {
                all.put(top + "/" + folder.relativize(file), Files.readAllBytes(file));
            }
        }
        all.putAll(more);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : all.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(TIME);
                zip.putNextEntry(entry);
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
        return new Packed(bytes.toByteArray(), ArtifactRef.ZIP);
    }

    public ArtifactRef ref() {
        return new ArtifactRef(digest(bytes), format, bytes.length, chunks(), 0, 0);
    }

    private int chunks() {
        return Math.max(1, (bytes.length + CHUNK - 1) / CHUNK);
    }

    private byte[] chunk(int index) {
        return Arrays.copyOfRange(bytes, index * CHUNK, Math.min(bytes.length, (index + 1) * CHUNK));
    }

    /** All archives' chunks, the last first, as a topic might have them after some were written again. */
    public static ArtifactSource source(List<Packed> archives) {
        return (archive, receiver, stopped) -> {
            for (Packed packed : archives) {
                if (packed.ref().digest().equals(archive.digest())) {
                    for (int i = packed.chunks() - 1; i >= 0; i--) {
                        if (receiver.chunk(i, packed.chunk(i))) {
                            return;
                        }
                    }
                }
            }
        };
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
