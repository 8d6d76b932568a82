package io.tailrace.events.reading;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Which checkpoint a token goes on from: where it stands in its topic, and what it says. So what stands there instead, be
 * it forged or of another log, is none.
 *
 * @param offset of its record
 * @param digestHigh the first eight bytes of the SHA-256 of its value
 * @param digestLow the next eight
 */
public record CheckpointRef(long offset, long digestHigh, long digestLow) {
    static final int BYTES = 3 * Long.BYTES;

    /** That of a checkpoint that was written. */
    public static CheckpointRef of(long offset, byte[] checkpoint) {
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(checkpoint));
            return new CheckpointRef(offset, digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whether these bytes are what was written. */
    public boolean isOf(byte[] checkpoint) {
        return equals(of(offset, checkpoint));
    }
}
