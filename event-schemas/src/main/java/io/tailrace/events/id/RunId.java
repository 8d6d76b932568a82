package io.tailrace.events.id;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Identifies a run and is the key of all of its records. 4 to 64 characters of {@code [a-z0-9-]}, so it is safe in
 * paths, headers and URLs.
 */
public record RunId(String value) implements WireScalar, Comparable<RunId> {
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9][a-z0-9-]{3,63}");

    /** @throws IllegalArgumentException if the value is not of the legal form */
    public RunId {
        if (!isLegal(value)) {
            throw new IllegalArgumentException("not a run id: 4 to 64 characters of a-z, 0-9 and '-' are needed");
        }
    }

    /** Whether the text could be a run id. */
    public static boolean isLegal(String text) {
        return LEGAL.matcher(text).matches();
    }

    /** A run id made of a (time-ordered or random) UUID. */
    public static RunId of(UUID uuid) {
        return new RunId("r-" + hex(uuid));
    }

    /** The run id that a workspace's idempotency key always leads to, whichever gateway asks. */
    public static RunId derived(WorkspaceId workspace, String idempotencyKey) {
        byte[] digest = sha256(workspace.value() + "\0" + idempotencyKey);
        return new RunId("k-" + HexFormat.of().formatHex(digest, 0, 16));
    }

    /** Four bytes that a cursor carries so that it is not taken for another run's. */
    public int check() {
        byte[] digest = sha256(value);
        return (digest[0] & 0xff) << 24 | (digest[1] & 0xff) << 16 | (digest[2] & 0xff) << 8 | (digest[3] & 0xff);
    }

    @Override
    public int compareTo(RunId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static String hex(UUID uuid) {
        HexFormat format = HexFormat.of();
        return format.toHexDigits(uuid.getMostSignificantBits()) + format.toHexDigits(uuid.getLeastSignificantBits());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
