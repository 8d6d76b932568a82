package io.tailrace.gateway.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A growing buffer of UTF-8 that JSON is written into without a text in between. What it writes has no line feed and no
 * carriage return outside of escapes. Confined to one thread.
 */
public final class JsonBytes {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_NUMBER = 20;
    private static final int LONGEST_ESCAPE = 6;

    private byte[] bytes;
    private int size;

    /** An empty buffer with room for so many bytes; it grows as needed. */
    public JsonBytes(int room) {
        bytes = new byte[Math.max(room, 16)];
    }

    /** Bytes as they are. */
    public JsonBytes raw(byte[] more) {
        ensure(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
        return this;
    }

    /** Text as it is: ASCII that needs no escaping. */
    public JsonBytes raw(String ascii) {
        int length = ascii.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) ascii.charAt(i);
        }
        return this;
    }

    /** A whole number. */
    public JsonBytes number(long value) {
        if (value < 0) {
            return raw(Long.toString(value));
        }
        ensure(LONGEST_NUMBER);
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = size + digits - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    /** A JSON string. Half a surrogate pair becomes the replacement character. */
    public JsonBytes text(String text) {
        int length = text.length();
        ensure(length + 2);
        bytes[size++] = '"';
        int i = 0;
        while (i < length) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                if (size == bytes.length) {
                    ensure(length - i + 1);
                }
                bytes[size++] = (byte) c;
                i++;
            } else {
                ensure(length - i + LONGEST_ESCAPE);
                i += special(text, i, c);
            }
        }
        ensure(1);
        bytes[size++] = '"';
        return this;
    }

    /** Writes what is more than a byte, and returns how many chars it was. Room was made. */
    private int special(String text, int at, char c) {
        if (c < ' ' || c == '"' || c == '\\' || c == 0x7f) {
            escape(c);
        } else if (c < 0x800) {
            put(0xc0 | (c >> 6), following(c, 0));
        } else if (!Character.isSurrogate(c)) {
            put(0xe0 | (c >> 12), following(c, 6), following(c, 0));
        } else if (Character.isHighSurrogate(c)
                && at + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(at + 1))) {
            int point = Character.toCodePoint(c, text.charAt(at + 1));
            put(0xf0 | (point >> 18), following(point, 12), following(point, 6), following(point, 0));
            return 2;
        } else {
            put(0xef, 0xbf, 0xbd);
        }
        return 1;
    }

    private void escape(char c) {
        bytes[size++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[size++] = (byte) c;
            case '\n' -> bytes[size++] = 'n';
            case '\r' -> bytes[size++] = 'r';
            case '\t' -> bytes[size++] = 't';
            default -> {
                put('u', '0', '0');
                put(HEX[c >> 4], HEX[c & 0xf]);
            }
        }
    }

    /** A byte of UTF-8 after the first: six bits of the code point. */
    private static int following(int point, int shift) {
        return 0x80 | ((point >> shift) & 0x3f);
    }

    private void put(int... values) {
        for (int value : values) {
            bytes[size++] = (byte) value;
        }
    }

    /** Any JSON value: null, truth values, numbers, texts, lists, maps with text keys. What is no number becomes null. */
    public JsonBytes value(@Nullable Object value) {
        switch (value) {
            case null -> raw("null");
            case String text -> text(text);
            case Long number -> number(number);
            case Integer number -> number(number);
            case Double number -> raw(Double.isFinite(number) ? number.toString() : "null");
            case Boolean truth -> raw(truth.toString());
            case Map<?, ?> members -> object(members);
            case List<?> members -> array(members);
            default -> throw new IllegalArgumentException("no JSON for a " + value.getClass());
        }
        return this;
    }

    private void object(Map<?, ?> members) {
        raw("{");
        boolean first = true;
        for (Map.Entry<?, ?> member : members.entrySet()) {
            if (!first) {
                raw(",");
            }
            first = false;
            text(String.valueOf(member.getKey())).raw(":").value(member.getValue());
        }
        raw("}");
    }

    private void array(List<?> members) {
        raw("[");
        for (int i = 0; i < members.size(); i++) {
            if (i > 0) {
                raw(",");
            }
            value(members.get(i));
        }
        raw("]");
    }

    /** How many bytes there are. */
    public int size() {
        return size;
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
        }
    }
}
