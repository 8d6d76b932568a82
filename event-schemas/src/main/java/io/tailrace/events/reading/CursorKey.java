package io.tailrace.events.reading;

import io.tailrace.events.id.RunId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret that seals cursors: HMAC-SHA256, cut to its half (RFC 2104, section 5), over the token's version, the run id
 * and every byte of the cursor. Thread-safe.
 */
public final class CursorKey {
    /** Bytes of a key. */
    public static final int BYTES = 32;

    static final int MAC_BYTES = 16;

    private static final String ALGORITHM = "HmacSHA256";

    private final int id;
    /** Initialized and never fed: each use feeds a copy, which costs less than finding the provider and the key again. */
    private final Mac prototype;

    private CursorKey(byte[] secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret);
            this.id = ByteBuffer.wrap(digest).getInt();
            this.prototype = Mac.getInstance(ALGORITHM);
            this.prototype.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256 and HMAC-SHA256", e);
        }
    }

    /** The key of these bytes; empty if they are not {@link #BYTES}. */
    public static Optional<CursorKey> of(byte[] secret) {
        return secret.length == BYTES ? Optional.of(new CursorKey(secret)) : Optional.empty();
    }

    /** The key of this hexadecimal text; empty if it is none. Nothing that is thrown or returned has the text. */
    public static Optional<CursorKey> ofHex(String text) {
        if (text.length() != 2 * BYTES || !text.chars().allMatch(HexFormat::isHexDigit)) {
            return Optional.empty();
        }
        return of(HexFormat.of().parseHex(text));
    }

    /** Names the key in tokens: the beginning of its digest, which says nothing of the key. */
    public int id() {
        return id;
    }

    /** The token of a place in a run. */
    public String seal(RunId run, RunCursor cursor) {
        return seal(CursorToken.PREFIX, run.value(), cursor.bytes());
    }

    /** A token of several runs or of many, which the bytes name; of one kind it is not of the other. */
    String seal(String version, byte[] body) {
        return seal(version, "", body);
    }

    private String seal(String version, String name, byte[] body) {
        byte[] sealed = ByteBuffer.allocate(Integer.BYTES + body.length + MAC_BYTES)
                .putInt(id)
                .put(body)
                .array();
        int length = sealed.length - MAC_BYTES;
        System.arraycopy(mac(version, name, sealed, length), 0, sealed, length, MAC_BYTES);
        return version + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    /** Whether the last bytes of a token are its seal. Takes the same time wherever they differ. */
    boolean hasSealed(String version, String name, byte[] token) {
        int length = token.length - MAC_BYTES;
        return MessageDigest.isEqual(
                mac(version, name, token, length), Arrays.copyOfRange(token, length, token.length));
    }

    /**
     * Names a run in tokens of several. Only who has the key can find two runs with the same one, so that no place in one
     * run is ever taken for a place in another.
     */
    long alias(RunId run) {
        return ByteBuffer.wrap(mac(RunsToken.PREFIX, run.value(), new byte[0], 0))
                .getLong();
    }

    private byte[] mac(String version, String name, byte[] bytes, int length) {
        try {
            Mac mac = (Mac) prototype.clone();
            mac.update((version + name).getBytes(StandardCharsets.US_ASCII));
            // No id has a byte 0, so that name and cursor cannot be divided in another way.
            mac.update((byte) 0);
            mac.update(bytes, 0, length);
            return Arrays.copyOf(mac.doFinal(), MAC_BYTES);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's HMAC can be copied", e);
        }
    }

    /** Its id alone. */
    @Override
    public String toString() {
        return "cursor key " + HexFormat.of().toHexDigits(id);
    }
}
