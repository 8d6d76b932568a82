package io.tailrace.gateway.fuzz;

import java.nio.charset.StandardCharsets;

/**
 * A request of the fuzz set.
 *
 * @param text one character for each byte
 * @param framed whether its end is clear to both sides, so that the connection can be used again
 */
record FuzzRequest(long seed, String method, String path, String text, boolean framed) {
    byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    /** For a person to read. */
    @Override
    public String toString() {
        String shown = text.replace("\r", "\\r").replace("\u0000", "\\0");
        return "seed " + seed + ": " + (shown.length() > 1500 ? shown.substring(0, 1500) + "…" : shown);
    }
}
