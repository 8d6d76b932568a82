package io.tailrace.builds.environment;

import io.tailrace.sandbox.process.PinnedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What two environments are compared by: the same inputs give the same one.
 *
 * @param value 64 lower-case hexadecimal digits
 */
public record Fingerprint(String value) {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException when it is none */
    public Fingerprint {
        if (!isFingerprint(value)) {
            throw new IllegalArgumentException("not a fingerprint: " + value);
        }
    }

    /** Whether a file name is one. */
    static boolean isFingerprint(String text) {
        return SHAPE.matcher(text).matches();
    }

    /** Of named inputs, in whatever order they are given. */
    public static Fingerprint of(Map<String, String> inputs) {
        SortedMap<String, String> sorted = new TreeMap<>(inputs);
        MessageDigest digest = sha256();
        sorted.forEach((name, text) -> {
            add(digest, name);
            add(digest, text);
        });
        return new Fingerprint(HexFormat.of().formatHex(digest.digest()));
    }

    /** With its length in front, so that no two lists of texts look the same. */
    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    /** The SHA-256 of a file that is no link, in hexadecimal digits; read piece by piece. */
    static String digest(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = PinnedFile.openNoLink(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                digest.update(buffer, 0, length);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
