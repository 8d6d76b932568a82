package io.tailrace.gateway.runs;

import io.tailrace.events.id.RunId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** A run's place in the list of runs, which is sorted by creation (ms since 1970) and id, the newest first. */
public record PageKey(long createdAt, RunId run) implements Comparable<PageKey> {
    private static final String PREFIX = "p1.";
    private static final int MAX_TOKEN_LENGTH = 160;

    @Override
    public int compareTo(PageKey other) {
        int byTime = Long.compare(other.createdAt, createdAt);
        return byTime != 0 ? byTime : other.run.compareTo(run);
    }

    /** The opaque token by which a client asks for what comes after this place. */
    public String token() {
        String text = Long.toString(createdAt, 36) + "." + run.value();
        return PREFIX
                + Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads a token; empty if it is none. */
    public static Optional<PageKey> parse(String token) {
        if (token.length() > MAX_TOKEN_LENGTH || !token.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
            String text = new String(bytes, StandardCharsets.US_ASCII);
            int dot = text.indexOf('.');
            String run = text.substring(dot + 1);
            return dot > 0 && RunId.isLegal(run)
                    ? Optional.of(new PageKey(Long.parseLong(text, 0, dot, 36), new RunId(run)))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
