package io.tailrace.knowledge.chunk;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts one block into pieces within the limits. Prose is cut behind a sentence, else at the end of a line, else between
 * words; code at an empty line, else at the end of a line, else between words; what has no such place, between
 * characters. A place counts if it leaves at least a third of the room used.
 */
final class Cutter {
    record Piece(int start, int end) {}

    private enum Place {
        SENTENCE,
        EMPTY_LINE,
        LINE,
        SPACE
    }

    private static final List<Place> IN_PROSE = List.of(Place.SENTENCE, Place.LINE, Place.SPACE);
    private static final List<Place> IN_CODE = List.of(Place.EMPTY_LINE, Place.LINE, Place.SPACE);

    private final String text;
    private final ChunkLimits limits;

    Cutter(String text, ChunkLimits limits) {
        this.text = text;
        this.limits = limits;
    }

    boolean fits(int start, int end) {
        return end - start <= limits.maxCharacters() && TokenEstimate.of(text, start, end) <= limits.maxTokens();
    }

    List<Piece> prose(int start, int end) {
        return pieces(start, end, IN_PROSE);
    }

    List<Piece> code(int start, int end) {
        return pieces(start, end, IN_CODE);
    }

    private List<Piece> pieces(int from, int to, List<Place> places) {
        List<Piece> pieces = new ArrayList<>();
        int start = withoutEmptyLines(from, to);
        while (start < to) {
            int end = fits(start, to) ? to : cut(start, to, places);
            int last = withoutBlanks(start, end);
            if (last > start) {
                pieces.add(new Piece(start, last));
            }
            start = withoutEmptyLines(end, to);
        }
        return pieces;
    }

    private int cut(int start, int to, List<Place> places) {
        int furthest = furthest(start, to);
        int least = start + Math.max(1, (furthest - start) / 3);
        for (Place place : places) {
            for (int i = furthest; i >= least; i--) {
                if (is(place, i)) {
                    return i;
                }
            }
        }
        return furthest;
    }

    /** The largest end that fits, behind at least one character and within none. */
    private int furthest(int start, int to) {
        int fits = start + Character.charCount(text.codePointAt(start));
        int low = fits;
        int high = Math.min(to, start + limits.maxCharacters());
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (fits(start, middle)) {
                fits = middle;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        boolean insideOfCharacter = fits < to
                && Character.isLowSurrogate(text.charAt(fits))
                && Character.isHighSurrogate(text.charAt(fits - 1));
        return insideOfCharacter && fits - 1 > start ? fits - 1 : fits;
    }

    /** Whether a cut before the character at this index is at such a place. */
    private boolean is(Place place, int index) {
        char before = text.charAt(index - 1);
        return switch (place) {
            case SENTENCE -> Character.isWhitespace(before) && index > 1 && endsSentence(text.charAt(index - 2));
            case EMPTY_LINE -> before == '\n' && index > 1 && text.charAt(index - 2) == '\n';
            case LINE -> before == '\n';
            case SPACE -> Character.isWhitespace(before);
        };
    }

    private static boolean endsSentence(char c) {
        return c == '.' || c == '!' || c == '?' || c == ':' || c == ';' || c == '\u3002';
    }

    /** Skips lines without text, and keeps the indentation of the first that has some. */
    private int withoutEmptyLines(int from, int to) {
        int line = from;
        for (int i = from; i < to && Character.isWhitespace(text.charAt(i)); i++) {
            if (text.charAt(i) == '\n') {
                line = i + 1;
            }
            // Blanks alone can be longer than a chunk.
            if (i - line >= limits.maxCharacters() / 2) {
                line = i;
            }
        }
        return withoutBlanks(line, to) > line ? line : to;
    }

    private int withoutBlanks(int start, int end) {
        int last = end;
        while (last > start && Character.isWhitespace(text.charAt(last - 1))) {
            last--;
        }
        return last;
    }
}
