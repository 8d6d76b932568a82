package io.tailrace.turn.provider.call;

/**
 * One text of an answer that comes in pieces and may come once more as a whole: finds what the whole says beyond the pieces. Confined to
 * the thread that runs the call.
 */
public final class SaidSoFar {

    private final StringBuilder text = new StringBuilder();

    /** The next piece; handed back for whoever hands it on. */
    public String piece(String piece) {
        text.append(piece);
        return piece;
    }

    /** What the whole text has beyond the pieces; empty where they said everything, or something else. */
    public String beyond(String whole) {
        return whole.startsWith(text.toString()) ? piece(whole.substring(text.length())) : "";
    }

    /** What a part of the text, told as a whole, has beyond the pieces; empty if they end with it. */
    public String beyondPart(SaidSoFar part, String whole) {
        String more = part.text.isEmpty() && text.toString().endsWith(whole) ? "" : part.beyond(whole);
        return piece(more);
    }
}
