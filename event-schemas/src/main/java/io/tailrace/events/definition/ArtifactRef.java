package io.tailrace.events.definition;

import io.tailrace.events.id.AvroName;
import java.util.regex.Pattern;

/**
 * A file in the topic of artifacts: named by its content, cut into chunks of plain bytes.
 *
 * @param digest the SHA-256 of the whole file, 64 lower-case hexadecimal digits
 * @param format how it is packed, {@value #ZIP} or {@value #TAR_GZ}
 * @param bytes its size
 * @param chunks into how many records it was cut, at least 1
 * @param partition where they lie
 * @param firstOffset where the first chunk can be looked for; the others follow it in order, perhaps with chunks of other
 *     files between them
 */
@AvroName(namespace = "io.tailrace.events.definition")
public record ArtifactRef(String digest, String format, long bytes, int chunks, int partition, long firstOffset) {
    public static final String ZIP = "zip";
    public static final String TAR_GZ = "tar.gz";

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException if the digest is none */
    public ArtifactRef {
        if (!isDigest(digest)) {
            throw new IllegalArgumentException("not a SHA-256 digest of 64 lower-case hexadecimal digits");
        }
    }

    /** Whether the text could be a digest. */
    public static boolean isDigest(String text) {
        return DIGEST.matcher(text).matches();
    }
}
