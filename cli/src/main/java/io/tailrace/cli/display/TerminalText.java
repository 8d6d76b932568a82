package io.tailrace.cli.display;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a build printed, made fit for a person's terminal: colours stay (where there is a terminal), anything that would
 * move the cursor, set titles or answer back is taken out.
 */
final class TerminalText {

    /** Control sequences (CSI), strings (OSC, DCS, …) with their ends, and other two-character escapes. */
    private static final Pattern ESCAPES = Pattern.compile(
            "\033\\[[0-9;:?<=>]*[ -/]*[@-~]" + "|\033[\\]PX^_][^\033\007]*(?:\033\\\\|\007)?" + "|\033[ -/]*[0-~]?");

    /** With other parameters ({@code >4}, {@code ?4}) the same end sets modes of the keyboard, or makes the terminal answer. */
    private static final Pattern COLOUR = Pattern.compile("\033\\[[0-9;:]*m");

    /** Of ASCII and of Latin-1, where a single character begins a sequence, and what turns the direction of a text. */
    private static final Pattern CONTROLS =
            Pattern.compile("[\\x00-\\x08\\x0a-\\x1a\\x1c-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]");

    private TerminalText() {}

    static String of(String printed, boolean colours) {
        String lastRewrite = printed.substring(printed.lastIndexOf('\r', printed.length() - 2) + 1);
        StringBuilder safe = new StringBuilder();
        boolean coloured = false;
        Matcher escape = ESCAPES.matcher(lastRewrite);
        while (escape.find()) {
            boolean colour = colours && COLOUR.matcher(escape.group()).matches();
            coloured |= colour;
            escape.appendReplacement(safe, colour ? Matcher.quoteReplacement(escape.group()) : "");
        }
        escape.appendTail(safe);
        return CONTROLS.matcher(safe).replaceAll("") + (coloured ? "\033[0m" : "");
    }
}
