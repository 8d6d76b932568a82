package io.tailrace.sandbox.isolation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Replaces every occurrence of some values in a stream of bytes, however it is cut into chunks. What could be the beginning of a value is
 * held back until it is decided: less than the longest value. Confined to one thread.
 */
public final class SecretMask {

    private static final byte[] MASK = "***".getBytes(StandardCharsets.US_ASCII);

    /** Longest first, so that a value that begins like another is hidden whole. */
    private final List<byte[]> values;

    private final boolean[] canBegin = new boolean[256];
    private byte[] held = new byte[0];

    SecretMask(Collection<String> values) {
        this.values = values.stream()
                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                .sorted(Comparator.comparingInt((byte[] value) -> value.length).reversed())
                .toList();
        this.values.forEach(value -> canBegin[value[0] & 0xFF] = true);
    }

    /** Takes the next bytes. Answers what can be shown of all that came so far and was not shown yet. */
    public byte[] next(byte[] bytes) {
        return mask(joined(bytes), false);
    }

    /** Nothing more comes: answers the rest. */
    public byte[] end() {
        return mask(held, true);
    }

    private byte[] mask(byte[] bytes, boolean end) {
        ByteArrayOutputStream shown = new ByteArrayOutputStream(bytes.length + MASK.length);
        int from = 0;
        int position = 0;
        while (position < bytes.length) {
            int found = canBegin[bytes[position] & 0xFF] ? lengthOfValueAt(bytes, position, end) : 0;
            if (found < 0) {
                break;
            }
            if (found > 0) {
                shown.write(bytes, from, position - from);
                shown.writeBytes(MASK);
                position += found;
                from = position;
            } else {
                position++;
            }
        }
        shown.write(bytes, from, position - from);
        held = Arrays.copyOfRange(bytes, position, bytes.length);
        return shown.toByteArray();
    }

    /** How long the value is that stands here; 0 when there is none, -1 when that is not decided yet. */
    private int lengthOfValueAt(byte[] bytes, int position, boolean end) {
        for (byte[] value : values) {
            int length = Math.min(value.length, bytes.length - position);
            if (Arrays.equals(bytes, position, position + length, value, 0, length)) {
                if (length == value.length) {
                    return length;
                }
                if (!end) {
                    return -1;
                }
            }
        }
        return 0;
    }

    private byte[] joined(byte[] bytes) {
        if (held.length == 0) {
            return bytes;
        }
        byte[] joined = Arrays.copyOf(held, held.length + bytes.length);
        System.arraycopy(bytes, 0, joined, held.length, bytes.length);
        return joined;
    }
}
