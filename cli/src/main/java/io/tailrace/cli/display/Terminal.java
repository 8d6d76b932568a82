package io.tailrace.cli.display;

import java.io.Console;

/** The terminal that this process has, or not. */
public final class Terminal {

    private Terminal() {}

    /** Whether colours are welcome: a terminal, and nobody objects (no-color.org). */
    @SuppressWarnings("SystemConsoleNull") // its annotation says it may be null, and that is what the compiler goes by
    public static boolean colours() {
        Console console = System.console();
        String noColor = System.getenv("NO_COLOR");
        return console != null && console.isTerminal() && (noColor == null || noColor.isEmpty());
    }
}
