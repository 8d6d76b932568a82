package io.tailrace.gateway.configuration;

/** An archive that is none, or that would be dangerous to unpack. The message says what is wrong and where. */
final class UnusableArchive extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    UnusableArchive(String code, String message) {
        super(message);
        this.code = code;
    }

    /** Stable, snake_case. */
    String code() {
        return code;
    }

    /** What is wrong; never null. */
    String reason() {
        return String.valueOf(getMessage());
    }
}
