package io.tailrace.events.text;

/** A text cut to a length. A character of two UTF-16 units (a surrogate pair) is kept or left out as a whole. Pure. */
public final class Excerpt {
    /** Stands where a text was cut. */
    public static final String ELLIPSIS = "…";

    private Excerpt() {}

    /**
     * The text, or its beginning with {@link #ELLIPSIS} behind it.
     *
     * @param most how many UTF-16 units of the text are kept
     */
    public static String of(String text, int most) {
        return text.length() <= most ? text : beginning(text, most) + ELLIPSIS;
    }

    /** The same with '?' for control characters: a text from outside begins no line of its own. */
    public static String printable(String text, int most) {
        return of(text, most).replaceAll("\\p{Cntrl}", "?");
    }

    /** The text, or its beginning without a mark. */
    public static String beginning(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        boolean splits = most > 0 && Character.isSurrogatePair(text.charAt(most - 1), text.charAt(most));
        return text.substring(0, splits ? most - 1 : most);
    }
}
