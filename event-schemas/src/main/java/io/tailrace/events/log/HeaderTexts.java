package io.tailrace.events.log;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one record as they lie in the log, gathered one by one. What is not exactly one short printable ASCII
 * text for a name of ours makes all of them foreign: a second header of the same name could mean one thing to one reader
 * and another thing to the next. Confined to one thread.
 */
public final class HeaderTexts {
    private static final int MAX_BYTES = 256;

    private final Map<String, String> texts = new HashMap<>();
    private boolean foreign;

    /** Takes the next header, ours or not. */
    public void add(String name, byte @Nullable [] value) {
        if (!EventHeaders.isNamed(name)) {
            return;
        }
        if (value == null || !isPlain(value)) {
            foreign = true;
        } else if (texts.put(name, new String(value, StandardCharsets.US_ASCII)) != null) {
            foreign = true;
        }
    }

    private static boolean isPlain(byte[] value) {
        if (value.length > MAX_BYTES) {
            return false;
        }
        for (byte next : value) {
            if (next <= ' ' || next > '~') {
                return false;
            }
        }
        return true;
    }

    /** The headers, or nothing if they are not ours. */
    public Optional<EventHeaders> headers() {
        return foreign ? Optional.empty() : EventHeaders.parse(texts::get);
    }
}
