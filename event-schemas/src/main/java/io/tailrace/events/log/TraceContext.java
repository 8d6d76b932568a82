package io.tailrace.events.log;

import io.tailrace.events.id.WireScalar;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a distributed trace, as W3C's Trace Context writes it in {@code traceparent}
 * (https://www.w3.org/TR/trace-context/): which trace, which span of it, and whether it is recorded. It tells operators
 * what belongs together, and nothing else hangs on it: whoever writes a wrong one misleads the reader of a trace.
 *
 * @param traceparent version 00, and of the flags the one that says that the trace is recorded
 */
public record TraceContext(String traceparent) implements WireScalar {
    private static final Pattern CANONICAL = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]");

    /** Later versions may say more after the flags, which nobody of ours reads. */
    private static final Pattern READABLE = Pattern.compile("(?<version>(?!ff)[0-9a-f]{2})-(?<trace>[0-9a-f]{32})"
            + "-(?<span>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<more>-[!-~]*)?");

    /** No header that anybody writes is longer. */
    private static final int MAX_LENGTH = 256;

    /** @throws IllegalArgumentException if it is not of that form, or names no trace or no span */
    public TraceContext {
        if (!CANONICAL.matcher(traceparent).matches()) {
            throw new IllegalArgumentException("not a traceparent of version 00");
        }
    }

    /** The context of these ids, of 32 and 16 lower-case hexadecimal digits; nothing if they are none. */
    public static Optional<TraceContext> of(String traceId, String spanId, boolean sampled) {
        String text = "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
        return CANONICAL.matcher(text).matches() ? Optional.of(new TraceContext(text)) : Optional.empty();
    }

    /** What a text says, in any version; nothing if it says nothing that can be carried on. Never throws. */
    public static Optional<TraceContext> parse(@Nullable String text) {
        if (text == null || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher read = READABLE.matcher(text);
        if (!read.matches() || (read.group("version").equals("00") && read.group("more") != null)) {
            return Optional.empty();
        }
        boolean sampled = (Integer.parseInt(read.group("flags"), 16) & 1) == 1;
        return of(read.group("trace"), read.group("span"), sampled);
    }

    /** The trace, 32 hexadecimal digits. */
    public String traceId() {
        return traceparent.substring(3, 35);
    }

    /** The span, 16 hexadecimal digits. */
    public String spanId() {
        return traceparent.substring(36, 52);
    }

    /** Whether the trace is recorded by who began it. */
    public boolean isSampled() {
        return traceparent.endsWith("1");
    }

    /** Whether both are of the same trace. */
    public boolean isOfTraceOf(TraceContext other) {
        return traceId().equals(other.traceId());
    }

    @Override
    public String toString() {
        return traceparent;
    }
}
