package io.tailrace.cli.display;

import java.io.Console;

/** The terminal that this process has, or not. */
public final class Terminal {

    private Terminal() {}

    /** Whether a person reads what is printed, and can type. */
    @SuppressWarnings("SystemConsoleNull") // its annotation says it may be null, and that is what the compiler goes by
    public static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Whether colours are welcome: a terminal, and nobody objects (no-color.org). */
    public static boolean colours() {
        String noColor = System.getenv("NO_COLOR");
        return isThere() && (noColor == null || noColor.isEmpty());
    }
}
