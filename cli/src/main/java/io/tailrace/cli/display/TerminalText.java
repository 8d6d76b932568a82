package io.tailrace.cli.display;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a build printed, made fit for a person's terminal: colours stay (where there is a terminal), anything that would
 * move the cursor, set titles or answer back is taken out.
 */
final class TerminalText {

    /** Control sequences (CSI), strings (OSC, DCS, …) with their ends, and other two-character escapes. */
    private static final Pattern ESCAPES = Pattern.compile("\033\\[([0-9;:?<=>]*)[ -/]*([@-~])"
            + "|\033[\\]PX^_][^\033\007]*(?:\033\\\\|\007)?"
            + "|\033[ -/]*[0-~]?");

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}&&[^\t\033]]");

    private TerminalText() {}

    static String of(String printed, boolean colours) {
        String lastRewrite = printed.substring(printed.lastIndexOf('\r', printed.length() - 2) + 1);
        StringBuilder safe = new StringBuilder();
        boolean coloured = false;
        Matcher escape = ESCAPES.matcher(lastRewrite);
        while (escape.find()) {
            boolean colour = colours && "m".equals(escape.group(2));
            coloured |= colour;
            escape.appendReplacement(safe, colour ? Matcher.quoteReplacement(escape.group()) : "");
        }
        escape.appendTail(safe);
        return CONTROLS.matcher(safe).replaceAll("") + (coloured ? "\033[0m" : "");
    }
}
