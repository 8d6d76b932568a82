package io.tailrace.cli.display;

/** Texts that are too long for a line. Pure. */
public final class Shortened {
    private Shortened() {}

    /**
     * The text, or its beginning with an ellipsis behind it; a surrogate pair is kept or left out as a whole.
     *
     * @param most how many UTF-16 units of the text are kept, at least one
     */
    public static String of(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        boolean splits = Character.isSurrogatePair(text.charAt(most - 1), text.charAt(most));
        return text.substring(0, splits ? most - 1 : most) + "…";
    }
}
