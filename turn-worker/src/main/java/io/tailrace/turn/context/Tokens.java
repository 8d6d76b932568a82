package io.tailrace.turn.context;

/**
 * An estimate of tokens, because only a provider knows the true number: a quarter of the UTF-16 characters, rounded up,
 * and {@value #PER_MESSAGE} for what surrounds each message. Near enough to what tokenizers make of English; the model's
 * window is not filled to its end.
 */
final class Tokens {
    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final int PER_MESSAGE = 4;

    private Tokens() {}

    static long of(String text) {
        return of(text.length());
    }

    /** Of a text with so many UTF-16 characters. */
    static long of(long characters) {
        return characters == 0 ? 0 : Math.ceilDiv(characters, CHARACTERS_PER_TOKEN) + PER_MESSAGE;
    }
}
