package io.tailrace.gateway.runs;

import io.tailrace.events.run.RunStatus;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A view as it is kept in memory: its encoded bytes, deflated once the run has ended, because most runs have and few of
 * them are asked for. Immutable.
 *
 * @param plainLength how long the encoded bytes are when they are deflated here; 0 if they are not
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and shared with nobody
record HeldView(RunStatus status, int plainLength, byte[] bytes) {
    /** Below this, deflating saves less than the bookkeeping costs. */
    private static final int WORTH_DEFLATING = 200;

    static HeldView of(RunStatus status, byte[] encoded) {
        if (!status.isFinal() || encoded.length < WORTH_DEFLATING) {
            return new HeldView(status, 0, encoded);
        }
        byte[] into = new byte[encoded.length];
        try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
            deflater.setInput(encoded);
            deflater.finish();
            int length = deflater.deflate(into);
            return deflater.finished() && length < encoded.length
                    ? new HeldView(status, encoded.length, Arrays.copyOf(into, length))
                    : new HeldView(status, 0, encoded);
        }
    }

    byte[] encoded() {
        if (plainLength == 0) {
            return bytes;
        }
        byte[] plain = new byte[plainLength];
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(bytes);
            int length = inflater.inflate(plain);
            if (length != plainLength) {
                throw new IllegalStateException("inflated " + length + " bytes of " + plainLength);
            }
            return plain;
        } catch (DataFormatException e) {
            throw new IllegalStateException("what was deflated here cannot be inflated", e);
        }
    }
}
