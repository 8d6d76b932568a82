package io.tailrace.events.plan;

/** Untrusted input that cannot be taken: with a stable code, the path of the field, and what to do about it. */
public final class InvalidInput extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String field;

    public InvalidInput(String code, String field, String message) {
        super(message);
        this.code = code;
        this.field = field;
    }

    /** A stable, machine-readable code in snake_case. */
    public String code() {
        return code;
    }

    /** The path of the field, such as {@code plan[0].phases[2].argv}; empty for the whole. */
    public String field() {
        return field;
    }

    /** What is wrong and how to mend it; never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
