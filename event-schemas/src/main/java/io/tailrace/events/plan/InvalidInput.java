package io.tailrace.events.plan;

/** Untrusted input that cannot be taken: with a stable code, the path of the field, and what to do about it. */
public final class InvalidInput extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String field;
    private final boolean wellFormed;

    /** Input that breaks a rule of form. */
    public InvalidInput(String code, String field, String message) {
        this(code, field, message, false);
    }

    private InvalidInput(String code, String field, String message, boolean wellFormed) {
        super(message);
        this.code = code;
        this.field = field;
        this.wellFormed = wellFormed;
    }

    /** Input that is well-formed and refers to something that is not there. */
    static InvalidInput unresolved(String code, String field, String message) {
        return new InvalidInput(code, field, message, true);
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

    /** Whether only a reference in it leads nowhere: HTTP's 422 rather than its 400. */
    public boolean isWellFormed() {
        return wellFormed;
    }
}
