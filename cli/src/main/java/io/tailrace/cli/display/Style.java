package io.tailrace.cli.display;

/** Text attributes of a terminal, or nothing where there is none. */
public enum Style {
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String on(String text, boolean colours) {
        return colours ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
