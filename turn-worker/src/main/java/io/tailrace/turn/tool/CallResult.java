package io.tailrace.turn.tool;

import io.tailrace.events.stage.TurnFact.ToolOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What came of a call.
 *
 * @param text for the model: the result, or what went wrong
 * @param bytes how long the whole is in UTF-8, as far as that is known; the text may be its beginning
 * @param code stable, snake_case; present unless it succeeded
 */
public record CallResult(ToolOutcome outcome, String text, long bytes, Optional<String> code) {

    /** A whole result. */
    public static CallResult succeeded(String text) {
        return new CallResult(ToolOutcome.SUCCEEDED, text, length(text), Optional.empty());
    }

    /** The beginning of a result. */
    static CallResult succeeded(String beginning, long bytes) {
        return new CallResult(ToolOutcome.SUCCEEDED, beginning, Math.max(bytes, length(beginning)), Optional.empty());
    }

    /** It was tried, or its arguments could not be. */
    public static CallResult failed(String code, String text) {
        return new CallResult(ToolOutcome.FAILED, text, length(text), Optional.of(code));
    }

    /** It was not executed. */
    public static CallResult refused(String code, String text) {
        return new CallResult(ToolOutcome.REFUSED, text, length(text), Optional.of(code));
    }

    /** It had begun in an attempt that was lost, and is not executed twice. */
    public static CallResult unknown() {
        String text = "Nobody knows whether this call was executed: the worker that ran it was lost, and it must not be"
                + " executed twice. Look whether it took effect before you rely on it.";
        return new CallResult(ToolOutcome.UNKNOWN, text, length(text), Optional.of("outcome_unknown"));
    }

    /**
     * As a record and a model can have it: whole characters, and of a longer text its beginning with a note.
     *
     * @param maxBytes of the text without the note, in UTF-8
     */
    public CallResult cutTo(int maxBytes) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(utf8.length, maxBytes);
        while (end > 0 && end < utf8.length && (utf8[end] & 0xC0) == 0x80) {
            end--;
        }
        String kept = new String(utf8, 0, end, StandardCharsets.UTF_8);
        boolean whole = end == utf8.length && bytes <= utf8.length;
        String note = "\n[Cut off: the first " + end + " of at least " + Math.max(bytes, utf8.length) + " bytes.]";
        return new CallResult(outcome, whole ? kept : kept + note, Math.max(bytes, utf8.length), code);
    }

    /** The same with other words. */
    public CallResult withText(UnaryOperator<String> words) {
        String other = words.apply(text);
        return other.equals(text) ? this : new CallResult(outcome, other, Math.max(bytes, length(other)), code);
    }

    private static long length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
