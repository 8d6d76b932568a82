package io.tailrace.knowledge.chunk;

/**
 * How many tokens a text has for a model: an estimate that is rather too high, made for the word pieces of BERT's
 * vocabularies. White space is free; a word of up to seven letters is one token and two more letters another; two
 * digits are one; every other character is one. It never falls when a text is longer.
 */
public final class TokenEstimate {
    private static final int WHOLE_WORD = 7;
    private static final int PIECE = 2;
    private static final int DIGITS = 2;

    private TokenEstimate() {}

    public static int of(String text) {
        return of(text, 0, text.length());
    }

    public static int of(String text, int start, int end) {
        int tokens = 0;
        int letters = 0;
        int digits = 0;
        int i = start;
        while (i < end) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c < 0x250 && Character.isLetter(c)) {
                digits = 0;
                letters++;
                if (letters == 1 || (letters > WHOLE_WORD && (letters - WHOLE_WORD) % PIECE == 1)) {
                    tokens++;
                }
            } else if (c >= '0' && c <= '9') {
                letters = 0;
                digits++;
                if (digits % DIGITS == 1) {
                    tokens++;
                }
            } else {
                letters = 0;
                digits = 0;
                if (!Character.isWhitespace(c)) {
                    tokens++;
                }
            }
        }
        return tokens;
    }
}
